using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary><c>POST /policy/diff</c>: what changes between two versions. Source: simulator.md 6.</summary>
internal sealed class DiffHandler(
    SimulatorAccess access, PrincipalDirectory directory, StoredVersions versions, DiffKeys keys, GatewayOptions options) : ISimulatorHandler
{
    /// <summary>About one second of work on a quiet machine, so that the answer is there within five on a busy one (simulator.md 9.5).</summary>
    private static readonly AnalysisOptions Bounds = new(MaxSteps: AnalysisOptions.DefaultSteps / 2);

    public async Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body.WithMembers("before", "after", "principal", "keys");
        var account = request.Caller.AccountId;
        var documents = new GivenDocuments();
        var (before, after) = (DiffSide.Read(body.Required("before"), documents), DiffSide.Read(body.Required("after"), documents));
        var name = body.Find("principal") is { } node ? PrincipalName.Read(node) : null;
        var asked = keys.Read(body.Find("keys"), account);
        request.Note("Principal", name?.Text ?? string.Empty);
        request.Note("Before", before.Names);
        request.Note("After", after.Names);
        await access.RequireAsync(request.Call, AskedAbout(request, name, before, after));
        var there = await keys.FindAsync(request.Call, asked);
        var subjects = await SubjectsAsync(request, name, versions.Load(before, account), versions.Load(after, account), keys.PoliciesOf(there, account), cancellationToken);
        var difference = PolicyComparison.Compare(subjects.Before, subjects.After, Bounds);
        request.Note("Decision", string.Create(CultureInfo.InvariantCulture, $"{difference.Regions.Length} regions"));
        return SimulatorAnswer.Json(request.Call.RequestId, new DiffAnswerWriter(difference, there, account, options.Region).Write);
    }

    /// <summary>
    /// What the permission is judged on. Why everything besides the principal: a stored policy of the account need not be
    /// attached to it, and the answer tells what the policy says.
    /// </summary>
    private static IEnumerable<string> AskedAbout(SimulatorRequest request, PrincipalName? name, DiffSide before, DiffSide after)
    {
        if (name is not null)
        {
            yield return name.ResourceFor(request.Caller);
        }

        if (name is null || before.NamesStored || after.NamesStored)
        {
            yield return SimulatorAccess.Anything;
        }
    }

    /// <summary>The policies by themselves; with a principal, on top of what is really attached or in place of it.</summary>
    private async Task<(PolicySubject Before, PolicySubject After)> SubjectsAsync(
        SimulatorRequest request,
        PrincipalName? name,
        ImmutableArray<NamedPolicy> before,
        ImmutableArray<NamedPolicy> after,
        ImmutableArray<ResourcePolicy> resources,
        CancellationToken cancellationToken)
    {
        if (name is null)
        {
            return (PolicySubject.OfDocuments([.. before.Select(policy => policy.Document)]), PolicySubject.OfDocuments([.. after.Select(policy => policy.Document)]));
        }

        var principal = await directory.FindAsync(name, request.Caller, cancellationToken);
        return (With(principal, before, after, resources), With(principal, after, before, resources));
    }

    /// <summary>What the principal has besides the policies that are compared, and one side of these.</summary>
    private static PolicySubject With(
        SimulatedPrincipal principal, ImmutableArray<NamedPolicy> side, ImmutableArray<NamedPolicy> other, ImmutableArray<ResourcePolicy> resources)
    {
        if (principal.Compiled.IsInvalid)
        {
            return new PolicySubject(principal.Principal, principal.Compiled, resources);
        }

        var compared = side.Concat(other).Select(policy => policy.Name).ToHashSet(StringComparer.Ordinal);
        var kept = principal.Policies.Where(policy => !compared.Contains(policy.Name)).Concat(side).Select(policy => policy.Document);
        return new PolicySubject(principal.Principal, new PolicySet([.. kept], principal.Compiled.Session, principal.Compiled.Control), resources);
    }
}

using System.Collections.Immutable;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>One policy of a side: given in the request, or a version that is stored.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Name">Name of the policy.</param>
/// <param name="Document">Given; null when stored.</param>
/// <param name="Version">Stored: <c>v2</c>; null for the default version.</param>
internal sealed record DiffPolicy(InputNode Place, string Name, PolicyDocument? Document, string? Version);

/// <summary>
/// A side of a comparison: a list of policies, each <c>{ "name", "document" }</c> or <c>{ "policy", "version" }</c>, or one of them alone.
/// </summary>
/// <param name="Policies">May be empty: nothing at all.</param>
internal sealed record DiffSide(ImmutableArray<DiffPolicy> Policies)
{
    /// <summary>For the trail.</summary>
    public string Names => string.Join(',', Policies.Select(policy => policy.Version is null ? policy.Name : $"{policy.Name} {policy.Version}"));

    /// <summary>Whether a policy of the account is named, there or not; those of the system are no secret.</summary>
    public bool NamesStored => Policies.Any(policy => policy.Document is null && SystemPolicies.Find(policy.Name) is null);

    public static DiffSide Read(InputNode node, GivenDocuments documents) => new(
        node.Element.ValueKind == System.Text.Json.JsonValueKind.Array
            ? [.. node.Items().Select(item => ReadOne(item, documents))]
            : [ReadOne(node, documents)]);

    private static DiffPolicy ReadOne(InputNode node, GivenDocuments documents)
    {
        if (node.Find("policy") is { } stored)
        {
            node.WithMembers("policy", "version");
            return new DiffPolicy(node, stored.Text(), null, node.Find("version")?.Text());
        }

        node.WithMembers("name", "document");
        return new DiffPolicy(node, node.Find("name")?.Text() ?? "policy", documents.Read(node.Required("document"), PolicyKind.Identity), null);
    }
}

/// <summary>The versions of policies that are stored, of the account and of the system.</summary>
internal sealed class StoredVersions(RamStore store)
{
    /// <summary>The side with its documents; what is not stored in the account is not there.</summary>
    public ImmutableArray<NamedPolicy> Load(DiffSide side, string account) => [.. side.Policies.Select(policy => Load(policy, account))];

    private NamedPolicy Load(DiffPolicy policy, string account)
    {
        if (policy.Document is { } given)
        {
            return new NamedPolicy(policy.Name, string.Empty, string.Empty, given);
        }

        if (SystemPolicies.Find(policy.Name) is { } system)
        {
            return policy.Version is null || policy.Version == system.Version
                ? new NamedPolicy(system.Name, system.Version, string.Empty, system.Document)
                : throw GatewayErrors.EntityNotExistPolicyVersion.With();
        }

        var (number, text) = store.Database.Read(reader => Find(reader, policy, account));
        var document = PolicyParser.Parse(text, PolicyKind.Identity).Document
            ?? throw new InvalidOperationException($"the stored version {number} of {policy.Name} does not parse");
        return new NamedPolicy(policy.Name, PolicyVersionId.Text(number), string.Empty, document);
    }

    private static (long Number, string Document) Find(RamReader reader, DiffPolicy policy, string account)
    {
        var stored = PolicyTable.Find(reader, account, policy.Name) ?? throw GatewayErrors.EntityNotExistPolicy.With();
        var wanted = policy.Version ?? PolicyVersionId.Text(stored.DefaultVersion);
        var found = PolicyVersionTable.ListOf(reader, stored.Id).FirstOrDefault(version => PolicyVersionId.Text(version.Number) == wanted);
        return found is null ? throw GatewayErrors.EntityNotExistPolicyVersion.With() : (found.Number, found.Document);
    }
}

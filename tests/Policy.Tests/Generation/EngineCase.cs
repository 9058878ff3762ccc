using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>Generated policies and calls as the engine takes them.</summary>
internal static class EngineCase
{
    internal static PolicySet ToPolicySet(this GeneratedPolicies policies) => new(
        [.. policies.Identity.Select(text => Parse(text, PolicyKind.Identity))],
        policies.Session is null ? null : Parse(policies.Session, PolicyKind.Session),
        [.. policies.Control.Select(level => level.Select(text => Parse(text, PolicyKind.Control)).ToImmutableArray())]);

    internal static AuthorizationRequest ToRequest(this GeneratedCase given) => new(
        new PolicyPrincipal(Enum.Parse<PrincipalType>(given.Principal.Type), given.Principal.Account, given.Principal.Name, given.Principal.IsServiceLinked),
        [.. given.Checks.Select(ToCheck)]);

    internal static Decision Decide(this GeneratedCase given) => PolicyEvaluator.Evaluate(given.Policies.ToPolicySet(), given.ToRequest());

    private static PolicyCheck ToCheck(GeneratedCheck check) => new(
        check.Action,
        check.Resource,
        new ConditionContext(check.Context.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToImmutableArray()))),
        check.ResourcePolicy is null ? null : Parse(check.ResourcePolicy, check.IsTrust ? PolicyKind.Trust : PolicyKind.Key));

    private static PolicyDocument Parse(string text, PolicyKind kind)
    {
        var result = PolicyParser.Parse(text, kind);
        return result.Document ?? throw new InvalidDataException($"{string.Join("; ", result.Faults)} in {text}");
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>A caller, in words that neither the engine nor the reference owns.</summary>
internal sealed record GeneratedPrincipal(string Type, string Account, string Name, bool IsServiceLinked);

/// <summary>A check: policies are texts.</summary>
internal sealed record GeneratedCheck(string Action, string Resource, IReadOnlyList<KeyValuePair<string, string[]>> Context, string? ResourcePolicy, bool IsTrust);

/// <summary>Policies and a call, made from one seed; all policies are valid texts.</summary>
internal sealed record GeneratedCase(
    IReadOnlyList<string> Identity,
    string? Session,
    IReadOnlyList<IReadOnlyList<string>> Control,
    GeneratedPrincipal Principal,
    IReadOnlyList<GeneratedCheck> Checks)
{
    internal PolicySet ToPolicySet() => new(
        [.. Identity.Select(text => Parse(text, PolicyKind.Identity))],
        Session is null ? null : Parse(Session, PolicyKind.Session),
        [.. Control.Select(level => level.Select(text => Parse(text, PolicyKind.Control)).ToImmutableArray())]);

    internal AuthorizationRequest ToRequest() => new(
        new PolicyPrincipal(Enum.Parse<PrincipalType>(Principal.Type), Principal.Account, Principal.Name, Principal.IsServiceLinked),
        [.. Checks.Select(ToCheck)]);

    internal Decision Decide() => PolicyEvaluator.Evaluate(ToPolicySet(), ToRequest());

    internal string Describe() => JsonSerializer.Serialize(this);

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

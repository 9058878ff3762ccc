using System.Text.Json;

namespace KmsGateway.Policy.Tests.Generation;

/// <summary>A caller, in words that neither the engine nor the reference owns.</summary>
internal sealed record GeneratedPrincipal(string Type, string Account, string Name, bool IsServiceLinked);

/// <summary>A check: policies are texts.</summary>
internal sealed record GeneratedCheck(string Action, string Resource, IReadOnlyList<KeyValuePair<string, string[]>> Context, string? ResourcePolicy, bool IsTrust);

/// <summary>What applies to a caller, as texts, all of them valid.</summary>
internal sealed record GeneratedPolicies(IReadOnlyList<string> Identity, string? Session, IReadOnlyList<IReadOnlyList<string>> Control);

/// <summary>Policies and a call, made from one seed.</summary>
internal sealed record GeneratedCase(GeneratedPolicies Policies, GeneratedPrincipal Principal, IReadOnlyList<GeneratedCheck> Checks)
{
    internal string Describe() => JsonSerializer.Serialize(this);
}

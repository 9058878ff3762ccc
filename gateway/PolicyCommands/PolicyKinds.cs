using System.Collections.Frozen;
using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>The kinds of policy as commands and files spell them.</summary>
internal static class PolicyKinds
{
    private static readonly FrozenDictionary<string, PolicyKind> ByName = Enum.GetValues<PolicyKind>().Where(kind => kind != PolicyKind.None)
        .ToFrozenDictionary(kind => kind.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>The names, sorted.</summary>
    public static ImmutableArray<string> All { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>For a message: <c>control, identity, key, session, trust</c>.</summary>
    public static string Names { get; } = string.Join(", ", All);

    /// <summary>The kind of that name; null when there is none.</summary>
    public static PolicyKind? Find(string name) => ByName.TryGetValue(name, out var kind) ? kind : null;

    public static string NameOf(PolicyKind kind) => ByName.Single(entry => entry.Value == kind).Key;

    public static PolicyKind Read(InputNode node) => Find(node.Text()) ?? throw node.Fault($"must be one of {Names}.");
}

using System.Collections.Immutable;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Simulator;

/// <summary>What a request says of a resource in place of what is stored.</summary>
/// <param name="Resource">Which one.</param>
/// <param name="Tags">Its tags; null to keep those it has.</param>
/// <param name="Policy">Its key policy; null to keep the one it has.</param>
internal sealed record ResourceOverride(AskedResource Resource, IReadOnlyDictionary<string, string>? Tags, PolicyDocument? Policy);

/// <summary>The members <c>tags</c> and <c>keyPolicies</c>. Source: simulator.md 3.</summary>
internal static class ResourceOverrides
{
    /// <summary>Resources in each of the members. One more: 400.</summary>
    public const int MaxEntries = 100;

    public static ImmutableArray<ResourceOverride> Read(InputNode body, GivenDocuments documents, Func<InputNode, string, AskedResource> resource) =>
    [
        .. Entries(body, "tags").Select(entry => new ResourceOverride(resource(entry.Value, entry.Name), Tags(entry.Value), null)),
        .. Entries(body, "keyPolicies").Select(entry =>
            new ResourceOverride(resource(entry.Value, entry.Name), null, documents.Read(entry.Value, PolicyKind.Key))),
    ];

    private static (string Name, InputNode Value)[] Entries(InputNode body, string member)
    {
        if (body.Find(member) is not { } node)
        {
            return [];
        }

        (string Name, InputNode Value)[] entries = [.. node.Entries()];
        return entries.Length <= MaxEntries ? entries : throw node.Fault($"holds at most {MaxEntries} entries.");
    }

    private static Dictionary<string, string> Tags(InputNode node) =>
        node.Entries().ToDictionary(tag => tag.Name, tag => tag.Value.Text(), StringComparer.Ordinal);
}

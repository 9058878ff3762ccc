using System.Runtime.CompilerServices;
using KmsGateway.Core.Contract;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Authorization;

/// <summary>Key policies as documents, parsed once per descriptor.</summary>
internal static class KeyPolicies
{
    private static readonly ConditionalWeakTable<KeyDescriptor, PolicyDocument> Parsed = [];

    /// <summary>The policy of a key that has one.</summary>
    /// <exception cref="InvalidOperationException">A stored policy does not parse: the call fails closed.</exception>
    public static PolicyDocument Parse(KeyDescriptor descriptor) => Parsed.GetValue(descriptor, static key =>
        PolicyParser.Parse(key.KeyPolicy!, PolicyKind.Key).Document
        ?? throw new InvalidOperationException($"the stored policy of {key.KeyArn} does not parse"));
}

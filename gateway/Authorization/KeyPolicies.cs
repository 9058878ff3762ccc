using System.Runtime.CompilerServices;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Caching;
using KmsGateway.Gateway.Wire;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Authorization;

/// <summary>Key policies as documents, parsed once per descriptor and, while there is room, once per text.</summary>
internal static class KeyPolicies
{
    private const string Policy = "Policy";

    private const long HeldBytes = 16 * 1024 * 1024;

    private static readonly ConditionalWeakTable<KeyDescriptor, PolicyParseResult> Parsed = [];

    // Why by text too: the descriptor of a foreign key that a caller does not see is kept nowhere, so every call of that caller brings a new one. Parsing
    // each would be work for strangers to cause, and time for them to measure.
    private static readonly DependencyCache<string, PolicyParseResult> Texts = new(HeldBytes);

    /// <summary>SetKeyPolicy and CreateKey only: a document that is not a key policy never gets to the key (ram-policy.md 3).</summary>
    /// <exception cref="KmsException">400 <c>InvalidParameter</c>, saying where and why.</exception>
    public static void RefuseMalformed(ActionDescriptor action, ParameterCollection parameters)
    {
        if (action.Name is "SetKeyPolicy" or "CreateKey"
            && parameters.ValueOrNull(Policy) is { } text
            && PolicyParser.Parse(text, PolicyKind.Key) is { IsValid: false } refused)
        {
            var fault = refused.Faults[0];
            throw KmsErrors.InvalidParameter.Because($"{KmsErrors.InvalidParameter.Render(Policy)} {fault.Pointer}: {fault.Detail}", Policy);
        }
    }

    /// <summary>The policy of a key that has one.</summary>
    /// <exception cref="InvalidOperationException">A stored policy does not parse: the call fails closed.</exception>
    public static PolicyDocument Parse(KeyDescriptor descriptor) => Find(descriptor)
        ?? throw new InvalidOperationException($"the stored policy of {descriptor.KeyArn} does not parse");

    /// <summary>The policy of a key; null when it has none, or one that does not parse and so lets nobody in.</summary>
    public static PolicyDocument? Find(KeyDescriptor descriptor) => descriptor.KeyPolicy is null
        ? null
        : Parsed.GetValue(descriptor, static key => Parse(key.KeyPolicy!)).Document;

    private static PolicyParseResult Parse(string text)
    {
        if (!Texts.TryGet(text, out var parsed))
        {
            parsed = PolicyParser.Parse(text, PolicyKind.Key);
            Texts.Add(text, parsed, [], Texts.Stamp, RamCacheLimits.CompiledBytes(text.Length));
        }

        return parsed;
    }
}

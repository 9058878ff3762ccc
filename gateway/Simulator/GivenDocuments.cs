using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Linting;

namespace KmsGateway.Gateway.Simulator;

/// <summary>A document of a request that is no policy of its kind.</summary>
/// <param name="place">Where it stands.</param>
/// <param name="kind">What it was read as.</param>
/// <param name="findings">What is wrong with it; at least one.</param>
internal sealed class RefusedDocumentException(InputNode place, PolicyKind kind, ImmutableArray<Finding> findings)
    : Exception($"{place.File}#{place.Pointer} is no {kind} policy: {findings[0].IssueCode}: {findings[0].Details}")
{
    public ImmutableArray<Finding> Findings { get; } = findings;
}

/// <summary>
/// The policy documents that one request brings, counted and measured: written in place as an object, or as its text in a string,
/// which keeps the places of findings. Source: simulator.md 3, limits.
/// </summary>
internal sealed class GivenDocuments : IPolicyDocuments
{
    /// <summary>Documents in one request, whatever their kind. One more: 400.</summary>
    public const int MaxPolicies = 20;

    /// <summary>Bytes of one document as sent; the limit of its kind applies besides (decisions.md D9). One more: 400.</summary>
    public const int MaxDocumentBytes = 64 * 1024;

    /// <summary>By place and kind: a policy that many principals hold is one document.</summary>
    private readonly Dictionary<(string Pointer, PolicyKind Kind), PolicyDocument> held = [];

    /// <summary>The text of a document.</summary>
    public static string Text(InputNode node)
    {
        var text = node.Element.ValueKind switch
        {
            JsonValueKind.Object => node.Element.GetRawText(),
            JsonValueKind.String => node.Text(),
            _ => throw node.Fault("must be a policy document, as an object or as its text."),
        };
        return text.Length <= MaxDocumentBytes && Encoding.UTF8.GetByteCount(text) <= MaxDocumentBytes
            ? text
            : throw node.Fault($"a document has at most {MaxDocumentBytes} bytes.");
    }

    /// <inheritdoc />
    public PolicyDocument Read(InputNode node, PolicyKind kind)
    {
        if (held.TryGetValue((node.Pointer, kind), out var document))
        {
            return document;
        }

        if (held.Count == MaxPolicies)
        {
            throw node.Fault($"a request brings at most {MaxPolicies} policies.");
        }

        var text = Text(node);
        document = PolicyParser.Parse(text, kind).Document ?? throw new RefusedDocumentException(node, kind, PolicyLinter.Lint(text, kind));
        held.Add((node.Pointer, kind), document);
        return document;
    }
}

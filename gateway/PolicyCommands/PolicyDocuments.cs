using System.Text.Json;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>Where the documents of a question come from.</summary>
internal interface IPolicyDocuments
{
    /// <summary>The policy that stands at <paramref name="node"/>.</summary>
    PolicyDocument Read(InputNode node, PolicyKind kind);
}

/// <summary>Documents written in place, or the path of one beside the file that names it.</summary>
internal sealed class DocumentsInFiles : IPolicyDocuments
{
    public PolicyDocument Read(InputNode node, PolicyKind kind)
    {
        var place = node.Element.ValueKind == JsonValueKind.Object
            ? node
            : InputNode.Read(Path.Combine(Path.GetDirectoryName(node.File) ?? "", node.Text()));
        var parsed = PolicyParser.Parse(place.Element.GetRawText(), kind);
        return parsed.Document ?? throw node.Fault(
            $"no {kind} policy: {string.Join("; ", parsed.Faults.Select(fault => $"{fault.Reason} at {fault.Pointer} (line {fault.Line}): {fault.Detail}"))}");
    }
}

using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Policy.Linting;

namespace KmsGateway.Gateway.Simulator;

/// <summary>Findings as the member of an error, as <see cref="FindingWriter"/> writes them.</summary>
internal static class FindingJson
{
    public static JsonArray Of(ImmutableArray<Finding> findings)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text))
        {
            FindingWriter.WriteArray(writer, findings);
        }

        return JsonNode.Parse(text.WrittenSpan)!.AsArray();
    }
}

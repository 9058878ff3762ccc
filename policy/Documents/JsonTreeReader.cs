using System.Text.Json;

namespace KmsGateway.Policy.Documents;

/// <summary>
/// Reads strict JSON (RFC 8259) into nodes that lose nothing: no comments, trailing commas, byte order mark or second
/// value; a lone surrogate in an escape is malformed. Source: ram-policy.md R-DOC-1.
/// </summary>
internal static class JsonTreeReader
{
    /// <summary>A valid document needs 6 levels; what is deeper than this is refused before it is looked at.</summary>
    internal const int MaxDepth = 16;

    internal static SourceNode? Read(SourceMap source, PolicyFaultList faults)
    {
        var reader = new Utf8JsonReader(source.Utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var root = ReadValue(ref reader);

            // Why: only the next read notices text after the value.
            reader.Read();
            return root;
        }
        catch (JsonException fault)
        {
            faults.Add(PolicyFaultReasons.MalformedJson, "", source.Offset(fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0), "The text is not strict JSON.");
        }
        catch (InvalidOperationException)
        {
            // Why: the one thing that Read accepts and GetString does not is an escaped lone surrogate.
            faults.Add(PolicyFaultReasons.MalformedJson, "", (int)reader.TokenStartIndex, "An escape names half of a surrogate pair.");
        }

        return null;
    }

    private static SourceNode ReadValue(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, start),
            JsonTokenType.StartArray => ReadArray(ref reader, start),
            JsonTokenType.String => new SourceNode(SourceNodeKind.String, reader.GetString()!, [], [], start, (int)reader.BytesConsumed),
            _ => new SourceNode(SourceNodeKind.Other, "", [], [], start, (int)reader.BytesConsumed),
        };
    }

    private static SourceNode ReadObject(ref Utf8JsonReader reader, int start)
    {
        var members = new List<SourceMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var nameStart = (int)reader.TokenStartIndex;
            reader.Read();
            members.Add(new SourceMember(name, nameStart, ReadValue(ref reader)));
        }

        return new SourceNode(SourceNodeKind.Object, "", members, [], start, (int)reader.BytesConsumed);
    }

    private static SourceNode ReadArray(ref Utf8JsonReader reader, int start)
    {
        var items = new List<SourceNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader));
        }

        return new SourceNode(SourceNodeKind.Array, "", [], items, start, (int)reader.BytesConsumed);
    }
}

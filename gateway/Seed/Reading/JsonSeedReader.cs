using System.Text;
using System.Text.Json;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>Strict JSON: no comments, no trailing commas, no second value.</summary>
internal ref struct JsonSeedReader
{
    private readonly string file;
    private readonly ReadOnlySpan<byte> utf8;
    private Utf8JsonReader reader;
    private long counted;
    private int line = 1;

    private JsonSeedReader(string file, ReadOnlySpan<byte> utf8)
    {
        this.file = file;
        this.utf8 = utf8;
        reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = SeedTree.MaxDepth });
    }

    public static SeedNode Read(string file, ReadOnlySpan<byte> utf8)
    {
        try
        {
            var tree = new JsonSeedReader(file, utf8);
            tree.reader.Read();
            var root = tree.ReadNode(string.Empty);

            // Why: only the next read notices text after the value.
            tree.reader.Read();
            return root;
        }
        catch (JsonException exception)
        {
            throw new StartupException(
                StartupException.BadSettings,
                $"{file}, line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}: no strict JSON.", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new StartupException(StartupException.BadSettings, $"{file}: an escape names half of a surrogate pair.", exception);
        }
    }

    private SeedNode ReadNode(string path)
    {
        var place = SeedTree.Place(file, Line(), path);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMapping(place),
            JsonTokenType.StartArray => ReadList(place),
            JsonTokenType.String => place with { Kind = SeedNodeKind.Text, Text = reader.GetString()! },
            JsonTokenType.Number => place with { Kind = SeedNodeKind.Text, Text = Encoding.UTF8.GetString(reader.ValueSpan) },
            JsonTokenType.True => place with { Kind = SeedNodeKind.Boolean, Text = "true" },
            JsonTokenType.False => place with { Kind = SeedNodeKind.Boolean, Text = "false" },
            _ => place with { Kind = SeedNodeKind.Null },
        };
    }

    private SeedNode ReadMapping(SeedNode place)
    {
        var members = new List<SeedMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            SeedTree.Add(members, name, ReadNode(SeedTree.Below(place.Path, name)));
        }

        return place with { Kind = SeedNodeKind.Mapping, Members = members };
    }

    private SeedNode ReadList(SeedNode place)
    {
        var items = new List<SeedNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadNode(SeedTree.Below(place.Path, items.Count)));
        }

        return place with { Kind = SeedNodeKind.List, Items = items };
    }

    private int Line()
    {
        for (; counted < reader.TokenStartIndex; counted++)
        {
            line += utf8[(int)counted] == (byte)'\n' ? 1 : 0;
        }

        return line;
    }
}

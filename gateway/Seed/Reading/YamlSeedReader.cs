using KmsGateway.Core.Hosting;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>
/// The part of YAML that a seed needs: one document of mappings, lists and scalars. Anchors, aliases and tags are refused: they
/// can make a small file a huge one, and a value something other than it looks.
/// </summary>
internal sealed class YamlSeedReader
{
    private readonly string file;
    private readonly Parser parser;

    private YamlSeedReader(string file, string text)
    {
        this.file = file;
        parser = new Parser(new StringReader(text));
    }

    public static SeedNode Read(string file, string text)
    {
        try
        {
            return new YamlSeedReader(file, text).ReadDocument();
        }
        catch (YamlException exception)
        {
            throw new StartupException(
                StartupException.BadSettings, $"{file}, line {Math.Max(1, exception.End.Line)}: no YAML that is understood here: {exception.Message}", exception);
        }
    }

    private SeedNode ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            throw SeedTree.Place(file, 1, string.Empty).Fault("is empty.");
        }

        var root = ReadNode(string.Empty, 0);
        parser.Consume<DocumentEnd>();
        return parser.TryConsume<DocumentStart>(out var second)
            ? throw SeedTree.Place(file, (int)second.Start.Line, string.Empty).Fault("holds a second document.")
            : root;
    }

    private SeedNode ReadNode(string path, int depth)
    {
        var place = SeedTree.Place(file, (int)parser.Current!.Start.Line, path);
        if (depth > SeedTree.MaxDepth)
        {
            throw place.Fault("is nested too deeply.");
        }

        if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
        {
            throw place.Fault("anchors and aliases are not taken.");
        }

        if (parser.Current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
        {
            throw place.Fault("tags such as !!binary are not taken.");
        }

        return parser.Current switch
        {
            MappingStart => ReadMapping(place, depth),
            SequenceStart => ReadList(place, depth),
            _ => ReadScalar(place),
        };
    }

    private SeedNode ReadMapping(SeedNode place, int depth)
    {
        parser.Consume<MappingStart>();
        var members = new List<SeedMember>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.Accept<Scalar>(out _))
            {
                throw SeedTree.Place(file, (int)parser.Current!.Start.Line, place.Path).Fault("the name of a member must be a text.");
            }

            var key = ReadNode(place.Path, depth + 1);
            SeedTree.Add(members, key.Text, ReadNode(SeedTree.Below(place.Path, key.Text), depth + 1));
        }

        return place with { Kind = SeedNodeKind.Mapping, Members = members };
    }

    private SeedNode ReadList(SeedNode place, int depth)
    {
        parser.Consume<SequenceStart>();
        var items = new List<SeedNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(SeedTree.Below(place.Path, items.Count), depth + 1));
        }

        return place with { Kind = SeedNodeKind.List, Items = items };
    }

    private SeedNode ReadScalar(SeedNode place)
    {
        var scalar = parser.Consume<Scalar>();
        var kind = (scalar.Style, scalar.Value) switch
        {
            (ScalarStyle.Plain, "" or "~" or "null") => SeedNodeKind.Null,
            (ScalarStyle.Plain, "true" or "false") => SeedNodeKind.Boolean,
            _ => SeedNodeKind.Text,
        };
        return place with { Kind = kind, Text = scalar.Value };
    }
}

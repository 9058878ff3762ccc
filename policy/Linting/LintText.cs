using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>The text with its places: from a path to the piece of text it means.</summary>
internal sealed class LintText
{
    private readonly string text;
    private readonly SourceMap? source;
    private readonly SourceNode? root;

    /// <summary>Keeps the tree where the text has one; a text that is too long or no JSON has none.</summary>
    internal LintText(string text, bool hasTree)
    {
        this.text = text;
        if (hasTree)
        {
            source = new SourceMap(Encoding.UTF8.GetBytes(text));
            root = JsonTreeReader.Read(source, new PolicyFaultList(source));
        }
    }

    internal SourceNode? Find(ImmutableArray<PathStep> path)
    {
        var node = root;
        foreach (var step in path)
        {
            node = step.Member is { } name ? node?.Find(name) : node?.Items.ElementAtOrDefault(step.Index);
        }

        return node;
    }

    internal FindingLocation Locate(ImmutableArray<PathStep> path) =>
        new(path, Find(path) is { } node ? source!.Span(node) : default);

    /// <summary>The place of a fault: its value where there is one, else the point that the parser names.</summary>
    internal FindingLocation Locate(PolicyFault fault, ImmutableArray<PathStep> path)
    {
        if (Find(path) is { } node)
        {
            return new FindingLocation(path, source!.Span(node));
        }

        var point = new SourcePosition(Math.Max(fault.Line, 1), Math.Max(fault.Column, 1), Offset(fault.Line, fault.Column));
        return new FindingLocation(path, new SourceSpan(point, point));
    }

    /// <summary>The steps of a pointer; what stands in an array is an index.</summary>
    internal ImmutableArray<PathStep> Path(string pointer)
    {
        var path = ImmutableArray.CreateBuilder<PathStep>();
        var node = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var isIndex = node?.Kind == SourceNodeKind.Array;
            var step = isIndex ? PathStep.Of(int.Parse(name, CultureInfo.InvariantCulture)) : PathStep.Of(name);
            path.Add(step);
            node = isIndex ? node!.Items.ElementAtOrDefault(step.Index) : node?.Find(name);
        }

        return path.ToImmutable();
    }

    private int Offset(int line, int column)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
        {
            at = text.IndexOf('\n', at) + 1;
        }

        for (var i = 1; i < column && at < text.Length; i++)
        {
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        }

        return at;
    }
}

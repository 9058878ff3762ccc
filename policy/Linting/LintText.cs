using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>The text with its places: from a path to the piece of text it means.</summary>
internal sealed class LintText
{
    private static readonly SourceSpan Start = new(new SourcePosition(1, 1, 0), new SourcePosition(1, 1, 0));

    private readonly SourceMap? source;
    private readonly SourceNode? root;

    /// <summary>Keeps the tree where the text has one; a text that is too long or no JSON has none.</summary>
    internal LintText(string text, bool hasTree)
    {
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

    /// <summary>The place of a fault, as the parser names it; the start of the text where it names none.</summary>
    internal static FindingLocation Locate(PolicyFault fault, ImmutableArray<PathStep> path) =>
        new(path, fault.Line > 0 ? fault.Span : Start);

    /// <summary>The steps of a pointer; what stands in an array is an index.</summary>
    internal ImmutableArray<PathStep> Path(string pointer)
    {
        var path = ImmutableArray.CreateBuilder<PathStep>();
        var node = root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

            // Why not trust the array: below a member given twice the pointer may mean the other one of the two.
            var index = 0;
            var isIndex = node?.Kind == SourceNodeKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out index);
            path.Add(isIndex ? PathStep.Of(index) : PathStep.Of(name));
            node = isIndex ? node!.Items.ElementAtOrDefault(index) : node?.Find(name);
        }

        return path.ToImmutable();
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace KmsGateway.Policy.Documents;

/// <summary>The faults found so far, with the places they name.</summary>
internal sealed class PolicyFaultList(SourceMap source)
{
    /// <summary>A hostile text must not buy an answer many times its size.</summary>
    internal const int MaxFaults = 50;

    private const int MaxQuoted = 40;
    private readonly ImmutableArray<PolicyFault>.Builder faults = ImmutableArray.CreateBuilder<PolicyFault>();

    internal bool IsEmpty => faults.Count == 0;

    internal ImmutableArray<PolicyFault> ToImmutable() => faults.ToImmutable();

    /// <summary>A fault at one place of the text.</summary>
    internal void Add(string reason, string pointer, int byteOffset, string detail) => Add(reason, pointer, byteOffset, byteOffset, detail);

    /// <summary>A fault of a value.</summary>
    internal void Add(string reason, string pointer, SourceNode node, string detail) => Add(reason, pointer, node.Start, node.End, detail);

    /// <summary>A fault of a member's name.</summary>
    internal void Add(string reason, string pointer, SourceMember member, string detail) =>
        Add(reason, pointer, member.NameStart, member.Value.End, detail);

    /// <summary>An object that lacks a member.</summary>
    internal void AddMissing(string member, string pointer, SourceNode node) =>
        Add(PolicyFaultReasons.MissingMember, pointer, node.Start, node.End, $"{member} is missing.", member);

    private void Add(string reason, string pointer, int start, int end, string detail, string? member = null)
    {
        if (faults.Count < MaxFaults)
        {
            var span = new SourceSpan(source.At(start), source.At(end));
            faults.Add(new PolicyFault(reason, pointer, span.Start.Line, span.Start.Column, detail) { Member = member, Span = span });
        }
    }

    /// <summary>The pointer of a member or element below <paramref name="pointer"/> (RFC 6901 escapes).</summary>
    internal static string Below(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    internal static string Below(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>A short, printable piece of caller text.</summary>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length > MaxQuoted)
            {
                quoted.Append("...");
                break;
            }

            var isPlain = rune.Value is >= 0x20 and < 0x7F and not '"' and not '\\';
            quoted.Append(isPlain ? rune.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}"));
        }

        return quoted.Append('"').ToString();
    }
}

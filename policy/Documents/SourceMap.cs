using System.Text;

namespace KmsGateway.Policy.Documents;

/// <summary>Turns byte offsets of the JSON reader into places a person can find.</summary>
internal sealed class SourceMap
{
    private readonly byte[] utf8;
    private readonly List<int> lineStarts = [0];

    internal SourceMap(byte[] utf8)
    {
        this.utf8 = utf8;
        for (var i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == (byte)'\n')
            {
                lineStarts.Add(i + 1);
            }
        }
    }

    internal ReadOnlySpan<byte> Utf8 => utf8;

    internal SourcePosition At(int byteOffset)
    {
        var found = lineStarts.BinarySearch(byteOffset);
        var line = found >= 0 ? found : ~found - 1;
        var inLine = utf8.AsSpan(lineStarts[line], byteOffset - lineStarts[line]);
        return new SourcePosition(line + 1, CountCodePoints(inLine) + 1, Encoding.UTF8.GetCharCount(utf8.AsSpan(0, byteOffset)));
    }

    internal SourceSpan Span(SourceNode node) => new(At(node.Start), At(node.End));

    /// <summary>The byte offset that a <see cref="System.Text.Json.JsonException"/> means by line and byte in that line.</summary>
    internal int Offset(long line, long byteInLine)
    {
        var start = lineStarts[(int)Math.Clamp(line, 0, lineStarts.Count - 1)];
        return (int)Math.Clamp(start + byteInLine, 0, utf8.Length);
    }

    /// <summary>Code points of well-formed UTF-8: every byte but the continuation bytes starts one.</summary>
    private static int CountCodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
        {
            count += (b & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}

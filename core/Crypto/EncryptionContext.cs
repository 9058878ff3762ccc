using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// What a ciphertext is bound to beside its key: a map of texts. Equal maps are equal however they were written; absent and
/// empty are the same. Source: kms-api.md section 7, crypto-core.md section 4.
/// </summary>
internal sealed class EncryptionContext
{
    /// <summary>Limit of the JSON text, in UTF-16 code units.</summary>
    public const int MaxCharacters = 8192;

    public static readonly EncryptionContext Empty = new([]);

    // Why: strict, so that a lone surrogate is a fault and never a replacement character that equals another one.
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly KeyValuePair<string, string>[] entries;

    private EncryptionContext(KeyValuePair<string, string>[] entries) => this.entries = entries;

    /// <summary>False for duplicate names, lone surrogates, or more text than <see cref="MaxCharacters"/> of JSON can hold.</summary>
    public static bool TryCreate(IEnumerable<KeyValuePair<string, string>> pairs, out EncryptionContext context)
    {
        var sorted = pairs.ToArray();
        Array.Sort(sorted, (left, right) => string.CompareOrdinal(left.Key, right.Key));
        context = sorted.Length == 0 ? Empty : new EncryptionContext(sorted);
        for (var index = 1; index < sorted.Length; index++)
        {
            if (sorted[index].Key == sorted[index - 1].Key)
            {
                return false;
            }
        }

        return ShortestJson(sorted) <= MaxCharacters && sorted.All(pair => IsText(pair.Key) && IsText(pair.Value));
    }

    /// <summary>
    /// <c>{ count:4 | per entry, sorted by ordinal code unit: length:4 | UTF-8 of name | length:4 | UTF-8 of value }</c>,
    /// integers big-endian.
    /// </summary>
    public void WriteCanonical(IBufferWriter<byte> output)
    {
        WriteInteger(output, entries.Length);
        foreach (var (name, value) in entries)
        {
            WriteText(output, name);
            WriteText(output, value);
        }
    }

    /// <summary>Length of the shortest JSON text that could have carried this: <c>{"a":"b","c":"d"}</c>.</summary>
    private static long ShortestJson(KeyValuePair<string, string>[] pairs)
    {
        long length = 1;
        foreach (var (name, value) in pairs)
        {
            length += name.Length + value.Length + 6;
        }

        return pairs.Length == 0 ? 2 : length;
    }

    private static bool IsText(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }

    private static void WriteText(IBufferWriter<byte> output, string text)
    {
        var length = Strict.GetByteCount(text);
        WriteInteger(output, length);
        var written = Strict.GetBytes(text, output.GetSpan(length));
        output.Advance(written);
    }

    private static void WriteInteger(IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }
}

using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace KmsGateway.Core.Certificates;

/// <summary>
/// Reads a distinguished name as RFC 2253 writes it, strictly: CN, C, O and OU once each, ST and L at most once, nothing else; no
/// quotes, no OIDs, no parts of several values. Lengths are those of X.520. Source: kms-api.json, CreateCertificate.Subject.
/// </summary>
internal sealed class SubjectText
{
    /// <summary>More than all of its attributes at their longest, every character escaped.</summary>
    private const int MostCharacters = 2048;

    private static readonly string[] Needed = ["CN", "C", "O", "OU"];

    private static readonly Dictionary<string, Attribute> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CN"] = new("CN", 64, (builder, value) => builder.AddCommonName(value)),
        ["C"] = new("C", 2, (builder, value) => builder.AddCountryOrRegion(value)),
        ["O"] = new("O", 64, (builder, value) => builder.AddOrganizationName(value)),
        ["OU"] = new("OU", 64, (builder, value) => builder.AddOrganizationalUnitName(value)),
        ["ST"] = new("ST", 128, (builder, value) => builder.AddStateOrProvinceName(value)),
        ["L"] = new("L", 128, (builder, value) => builder.AddLocalityName(value)),
    };

    private readonly string text;
    private int at;

    private SubjectText(string text) => this.text = text;

    /// <summary>Null for everything that is wrong with it.</summary>
    public static X500DistinguishedName? TryRead(string text) =>
        text.Length is > 0 and <= MostCharacters ? new SubjectText(text).Read() : null;

    private X500DistinguishedName? Read()
    {
        var builder = new X500DistinguishedNameBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            if (ReadName() is not { } attribute || !seen.Add(attribute.Name) || ReadValue() is not { } value || !Fits(attribute, value))
            {
                return null;
            }

            attribute.Add(builder, value);
        }
        while (Take(','));
        return at == text.Length && Needed.All(seen.Contains) ? builder.Build() : null;
    }

    private Attribute? ReadName()
    {
        SkipSpaces();
        var end = text.IndexOf('=', at);
        if (end < 0)
        {
            return null;
        }

        var name = text[at..end].TrimEnd(' ');
        at = end + 1;
        return Attributes.GetValueOrDefault(name);
    }

    /// <summary>Up to the next comma that is not escaped, without the spaces around it that are not.</summary>
    private string? ReadValue()
    {
        SkipSpaces();
        var bytes = new List<byte>();
        var solid = 0;
        while (at < text.Length && text[at] != ',')
        {
            var isEscaped = text[at] == '\\';
            if (!(isEscaped ? ReadEscape(bytes) : ReadPlain(bytes)))
            {
                return null;
            }

            solid = isEscaped || bytes[^1] != ' ' ? bytes.Count : solid;
        }

        return Decode([.. bytes[..solid]]);
    }

    /// <summary>A character that is escaped by a backslash, or a byte of UTF-8 in two hexadecimal digits.</summary>
    private bool ReadEscape(List<byte> bytes)
    {
        if (at + 1 >= text.Length)
        {
            return false;
        }

        if (",=+<>#;\\\" ".Contains(text[at + 1], StringComparison.Ordinal))
        {
            bytes.Add((byte)text[at + 1]);
            at += 2;
            return true;
        }

        if (at + 2 >= text.Length || !byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        bytes.Add(value);
        at += 3;
        return true;
    }

    private bool ReadPlain(List<byte> bytes)
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune) || (rune.IsAscii && "\"+<>;=".Contains((char)rune.Value, StringComparison.Ordinal))
            || (bytes.Count == 0 && rune.Value == '#'))
        {
            return false;
        }

        Span<byte> encoded = stackalloc byte[4];
        bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
        at += rune.Utf16SequenceLength;
        return true;
    }

    private static bool Fits(Attribute attribute, string value) =>
        value.Length > 0
        && value.EnumerateRunes().Count() <= attribute.Longest
        && !value.Any(char.IsControl)
        && (attribute.Name != "C" || (value.Length == 2 && value.All(char.IsAsciiLetterUpper)));

    private static string? Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private bool Take(char wanted)
    {
        if (at >= text.Length || text[at] != wanted)
        {
            return false;
        }

        at++;
        return true;
    }

    private void SkipSpaces()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }

    private sealed record Attribute(string Name, int Longest, Action<X500DistinguishedNameBuilder, string> Add);
}

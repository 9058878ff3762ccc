using System.Buffers.Text;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>
/// Canonical standard base64: padded, no line breaks, no blanks, no stray bits, so that what is stored decoded comes back
/// the same. The value stays text. Source: audit C3 item 7.
/// </summary>
internal sealed class Base64Type() : ScalarType(new ParameterShape("base64"))
{
    protected override ParameterReading Parse(string text) =>
        IsCanonical(text) ? ParameterReading.Of(text) : ParameterReading.Refused(ParameterFault.Format);

    private static bool IsCanonical(string text)
    {
        if (text.Length % 4 != 0 || text.Any(char.IsWhiteSpace) || !Base64.IsValid(text, out _))
        {
            return false;
        }

        // the last group must not carry bits that its bytes do not have
        var last = text.AsSpan(text.Length - 4);
        Span<byte> bytes = stackalloc byte[3];
        Span<char> again = stackalloc char[4];
        return Convert.TryFromBase64Chars(last, bytes, out var count)
            && Convert.TryToBase64Chars(bytes[..count], again, out _)
            && last.SequenceEqual(again);
    }
}

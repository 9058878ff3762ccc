using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Xml;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Rendering;

/// <summary>
/// JSON members as XML elements of the same names: an array repeats its element, an empty one leaves nothing, null is left
/// out. Source: kms-api.md 2.
/// </summary>
internal static class XmlWriter
{
    /// <summary>The declaration, as the vendor writes it.</summary>
    public const string Declaration = "<?xml version='1.0' encoding='UTF-8'?>";

    private static readonly SearchValues<char> NotPlain = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code).Where(c => c is not ('\t' or '\n')), '&', '<', '>', '"', '\'',
         .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\uFFFE', '\uFFFF']);

    /// <summary>One document: the root element around the members of <paramref name="answer"/>.</summary>
    /// <exception cref="KmsException">
    /// <c>InvalidParameter</c> naming Format: a value holds a character that XML cannot. Why: to replace it would hand the
    /// caller another plaintext than the one that was encrypted.
    /// </exception>
    public static void WriteDocument(CanonicalBuffer output, string root, string requestId, JsonElement answer)
    {
        output.AppendAscii(Declaration);
        Open(output, root);
        WriteMembers(output, answer);
        WriteElement(output, "RequestId", requestId);
        Close(output, root);
    }

    /// <summary>The members of an object, each as an element.</summary>
    public static void WriteMembers(CanonicalBuffer output, JsonElement members)
    {
        foreach (var member in members.EnumerateObject())
        {
            WriteMember(output, member.Name, member.Value);
        }
    }

    /// <summary>An element with text.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="name">A name of the API.</param>
    /// <param name="text">Escaped here.</param>
    /// <param name="isLossy">For messages: a character that XML cannot hold becomes U+FFFD instead of a refusal.</param>
    public static void WriteElement(CanonicalBuffer output, string name, string text, bool isLossy = false)
    {
        Open(output, name);
        WriteText(output, text, isLossy);
        Close(output, name);
    }

    public static void Open(CanonicalBuffer output, string name)
    {
        output.Append((byte)'<');
        output.AppendUtf8(Checked(name));
        output.Append((byte)'>');
    }

    public static void Close(CanonicalBuffer output, string name)
    {
        output.Append("</"u8);
        output.AppendUtf8(name);
        output.Append((byte)'>');
    }

    private static void WriteMember(CanonicalBuffer output, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    WriteMember(output, name, item);
                }

                break;
            case JsonValueKind.Object:
                Open(output, name);
                foreach (var member in value.EnumerateObject())
                {
                    WriteMember(output, NameOf(member.Name), member.Value);
                }

                Close(output, name);
                break;
            case JsonValueKind.String:
                WriteElement(output, name, StringOf(value));
                break;
            default:
                WriteElement(output, name, value.GetRawText());
                break;
        }
    }

    private static void WriteText(CanonicalBuffer output, ReadOnlySpan<char> text, bool isLossy)
    {
        while (true)
        {
            var run = text.IndexOfAny(NotPlain);
            if (run < 0)
            {
                output.AppendUtf8(text);
                return;
            }

            output.AppendUtf8(text[..run]);
            text = text[run..];
            text = text[WriteSpecial(output, text, isLossy)..];
        }
    }

    private static int WriteSpecial(CanonicalBuffer output, ReadOnlySpan<char> text, bool isLossy)
    {
        ReadOnlySpan<byte> escaped = text[0] switch
        {
            '&' => "&amp;"u8,
            '<' => "&lt;"u8,
            '>' => "&gt;"u8,
            '"' => "&quot;"u8,
            '\'' => "&apos;"u8,
            // Why: a bare carriage return would be read back as a line feed.
            '\r' => "&#xD;"u8,
            _ => default,
        };
        if (!escaped.IsEmpty)
        {
            output.Append(escaped);
            return 1;
        }

        if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) == OperationStatus.Done && rune.Value > 0xFFFF)
        {
            output.AppendUtf8(text[..consumed]);
            return consumed;
        }

        output.AppendUtf8(isLossy ? "\uFFFD" : throw CannotBeHeld());
        return 1;
    }

    private static string StringOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Why: the reader of JSON refuses lone surrogates this way; XML cannot hold them either.
            throw CannotBeHeld();
        }
    }

    private static KmsException CannotBeHeld() => KmsErrors.InvalidParameter.Because(
        "The answer holds characters that XML cannot carry; ask for Format=JSON.", "Format");

    private static string Checked(string name) =>
        IsPlain(name) ? name : throw new InvalidOperationException("a member of an answer has no name that XML can hold");

    /// <summary>Inside of an answer, keys of tags are members too (DescribeCertificate): what XML does not take in a name stands as <c>_xHHHH_</c>.</summary>
    private static string NameOf(string name) => IsPlain(name) ? name : XmlConvert.EncodeLocalName(name);

    private static bool IsPlain(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_');
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>
/// The JSON object of validated parameters. Types are strict; absent, null and (for text) empty are the same. Values of
/// another type are <c>InvalidParameter</c> naming the parameter.
/// </summary>
internal sealed class OperationInput(JsonElement root)
{
    /// <summary>Whether the parameter is there at all, empty text included.</summary>
    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => TextOrEmpty(name) is { Length: > 0 } text ? text : null;

    public string? TextOrEmpty(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return TextOf(name, value);
    }

    /// <summary>The text of a member of parameter <paramref name="name"/>.</summary>
    public static string TextOf(string name, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? Guarded(name, value, element => element.GetString()!)
        : throw Invalid(name);

    public string RequiredText(string name) => Text(name) ?? throw KmsErrors.MissingParameter.With(name);

    /// <summary>The value as one of <paramref name="allowed"/>, or the first of them when it is absent.</summary>
    public string OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name) ?? allowed[0];
        return allowed.Contains(text) ? text : throw Invalid(name);
    }

    /// <summary>The bytes behind a Base64 text of at most <paramref name="maxCharacters"/>.</summary>
    public byte[] Base64(string name, int maxCharacters)
    {
        var text = RequiredText(name);
        return text.Length <= maxCharacters && System.Buffers.Text.Base64.IsValid(text) ? Convert.FromBase64String(text) : throw Invalid(name);
    }

    public long? Integer(string name, long smallest, long largest)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= smallest && number <= largest
            ? number
            : throw Invalid(name);
    }

    public bool Boolean(string name) => Find(name)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Invalid(name),
    };

    /// <summary>Text as UTF-8 in an array that the caller zeroes; it was never a string. Null when absent or empty.</summary>
    public byte[]? SecretText(string name, int maxBytes)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw Invalid(name);
        }

        var raw = JsonMarshal.GetRawUtf8Value(value);
        return raw.Length == 2 ? null : Guarded(name, value, _ => Unescape(name, value, maxBytes));
    }

    /// <summary>The bytes behind a Base64 text, pinned, which the caller zeroes; the text was never a string.</summary>
    public byte[] SecretBase64(string name, int mostBytes)
    {
        var text = SecretText(name, System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(mostBytes)) ?? throw KmsErrors.MissingParameter.With(name);
        try
        {
            return Operations.SecretText.TryDecode(text, mostBytes) ?? throw Invalid(name);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public IReadOnlyList<JsonElement>? Array(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Invalid(name);
    }

    /// <summary>An array of texts, none empty; absent is empty.</summary>
    public IReadOnlyList<string> Texts(string name, int most)
    {
        var items = Array(name) ?? [];
        return items.Count <= most
            ? [.. items.Select(item => TextOf(name, item) is { Length: > 0 } text ? text : throw Invalid(name))]
            : throw Invalid(name);
    }

    public JsonElement? Object(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object ? value : throw Invalid(name);
    }

    public EncryptionContext EncryptionContext(string name = "EncryptionContext")
    {
        if (Find(name) is not { } value)
        {
            return Crypto.EncryptionContext.Empty;
        }

        if (value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Any(member => member.Value.ValueKind != JsonValueKind.String))
        {
            throw Invalid(name);
        }

        return Guarded(name, value, element => Crypto.EncryptionContext.TryCreate(
            element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.GetString()!)), out var context)
            ? context
            : throw Invalid(name));
    }

    public static KmsException Invalid(string name) => KmsErrors.InvalidParameter.With(name);

    private static byte[] Unescape(string name, JsonElement value, int maxBytes)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        var reader = new Utf8JsonReader(raw);
        _ = reader.Read();
        // Why: pinned, so that the one copy can be zeroed; unescaping never makes text longer.
        var text = GC.AllocateUninitializedArray<byte>(raw.Length, pinned: true);
        var length = reader.CopyString(text);
        if (length > maxBytes)
        {
            System.Array.Clear(text);
            throw Invalid(name);
        }

        if (length == text.Length)
        {
            return text;
        }

        var exact = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        text.AsSpan(0, length).CopyTo(exact);
        System.Array.Clear(text);
        return exact;
    }

    /// <summary>Text that is not text (lone surrogates) shows only when it is read.</summary>
    private static T Guarded<T>(string name, JsonElement value, Func<JsonElement, T> read)
    {
        try
        {
            return read(value);
        }
        catch (InvalidOperationException)
        {
            throw Invalid(name);
        }
    }

    private JsonElement? Find(string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

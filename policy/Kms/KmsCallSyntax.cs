using System.Diagnostics.CodeAnalysis;
using System.Text;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Kms;

/// <summary>
/// What the names of keys, aliases, secrets and certificates look like. Nothing a caller wrote enters an ARN before it passed
/// here, so no separator and no wildcard can. Sources: kms-api.md 10, 12; decisions.md D1, D6.
/// </summary>
public static class KmsCallSyntax
{
    /// <summary>What an alias starts with.</summary>
    public const string AliasPrefix = "alias/";

    /// <summary>The key that unresolvable and foreign ciphertexts are judged on (decisions.md D6).</summary>
    public const string UnresolvedKey = "key/unresolved";

    private const int MaxKeyIdLength = 64;
    private const int MaxAliasLength = 255;
    private const int MaxSecretNameLength = 192;
    private const int MaxScopeLength = 64;
    private const int VersionIdLength = 36;
    private const int VersionIdBase64Length = 48;

    /// <summary>1 to 64 letters, digits and <c>-</c>.</summary>
    public static bool IsKeyId([NotNullWhen(true)] string? text) =>
        IsMade(text, MaxKeyIdLength, static c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary><c>alias/</c> and 1 to 255 of letters, digits, <c>_ / -</c>.</summary>
    public static bool IsAlias([NotNullWhen(true)] string? text) =>
        text is not null && text.StartsWith(AliasPrefix, StringComparison.Ordinal)
        && IsMade(text[AliasPrefix.Length..], MaxAliasLength, static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '-');

    /// <summary>1 to 192 of letters, digits, <c>_ / + = . @ -</c>.</summary>
    public static bool IsSecretName([NotNullWhen(true)] string? text) =>
        IsMade(text, MaxSecretNameLength, static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '/' or '+' or '=' or '.' or '@' or '-');

    /// <summary>The 36 characters of a UUID, in either letter case: certificate ids and key version ids.</summary>
    public static bool IsUuid([NotNullWhen(true)] string? text) => text is not null && IsUuid(text.AsSpan());

    /// <summary><c>acs:kms:&lt;region&gt;:&lt;account&gt;:key/&lt;key id&gt;</c>; an ARN of anything else is none.</summary>
    public static bool TryReadKeyArn(string? text, [NotNullWhen(true)] out Arn? arn, [NotNullWhen(true)] out string? keyId)
    {
        const string keyPrefix = "key/";
        keyId = null;
        if (!Arn.TryParse(text, out arn)
            || !string.Equals(arn.Service, "kms", StringComparison.Ordinal)
            || !IsMade(arn.Region, MaxScopeLength, static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            || !IsMade(arn.Account, MaxScopeLength, char.IsAsciiDigit)
            || !arn.RelativeId.StartsWith(keyPrefix, StringComparison.Ordinal)
            || !IsKeyId(arn.RelativeId[keyPrefix.Length..]))
        {
            arn = null;
            return false;
        }

        keyId = arn.RelativeId[keyPrefix.Length..];
        return true;
    }

    /// <summary>
    /// The key version id in the first 48 characters of a base64 ciphertext, or null when there is none. Only the first 48
    /// characters are read; whether the rest is well formed is decided after authorization (decisions.md D1).
    /// </summary>
    public static string? VersionIdOf(string ciphertext)
    {
        ArgumentNullException.ThrowIfNull(ciphertext);
        Span<byte> head = stackalloc byte[VersionIdLength];
        if (ciphertext.Length < VersionIdBase64Length
            || !Convert.TryFromBase64Chars(ciphertext.AsSpan(0, VersionIdBase64Length), head, out var written)
            || written != VersionIdLength)
        {
            return null;
        }

        // bytes above 0x7f become '?', which no UUID holds
        var text = Encoding.ASCII.GetString(head);
        return IsUuid(text.AsSpan()) ? text : null;
    }

    private static bool IsUuid(ReadOnlySpan<char> text)
    {
        if (text.Length != VersionIdLength)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var isDashPlace = i is 8 or 13 or 18 or 23;
            if (isDashPlace ? text[i] != '-' : !char.IsAsciiHexDigit(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsMade([NotNullWhen(true)] string? text, int maxLength, Func<char, bool> isAllowed)
    {
        if (text is null || text.Length == 0 || text.Length > maxLength)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!isAllowed(c))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Buffers;

namespace KmsGateway.Core.Keys;

/// <summary>Names of aliases. Source: kms-api.md section 10.</summary>
internal static class AliasNames
{
    public const string Prefix = "alias/";

    private const int MaxCharacters = 255;
    private const string Reserved = "alias/acs";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/-");

    /// <summary><c>alias/</c> and 1 to 255 letters, digits, underscores, slashes, hyphens.</summary>
    public static bool AreValid(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Length - Prefix.Length is > 0 and <= MaxCharacters
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Allowed);

    /// <summary>Kept for products.</summary>
    public static bool AreReserved(string name) => name.StartsWith(Reserved, StringComparison.Ordinal);

    public static string OfProduct(string product) => $"alias/acs/{product}";
}

/// <summary>Names of secrets. Source: kms-api.md section 12.</summary>
internal static class SecretNames
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/+=.@-");

    public static bool AreValid(string text) => text.Length is > 0 and <= 192 && !text.AsSpan().ContainsAnyExcept(Allowed);
}

/// <summary>Codes of products that own keys: <c>ram</c>, <c>oss</c>.</summary>
internal static class ProductCodes
{
    public static bool AreValid(string text) =>
        text.Length is > 0 and <= 32 && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));
}

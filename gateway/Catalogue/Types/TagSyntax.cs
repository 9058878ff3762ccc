namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>
/// What tag keys and values look like: up to 128 of letters, digits and <c>/ \ _ - . + = : @</c>; keys are not empty and do
/// not begin with <c>aliyun</c> or <c>acs:</c>. Letters are those of ASCII. Sources: kms-api.md 11; for RAM ram-sts-api.md.
/// </summary>
internal static class TagSyntax
{
    public const int MaxLength = 128;

    /// <summary>None when both are well formed.</summary>
    public static ParameterFault Judge(string key, string value, Func<char, bool> allowed)
    {
        if (!IsKey(key, allowed))
        {
            return ParameterFault.TagKey;
        }

        return value.Length <= MaxLength && value.All(allowed) ? ParameterFault.None : ParameterFault.TagValue;
    }

    /// <summary>A key of the key service.</summary>
    public static bool IsKey(string key) => IsKey(key, IsKmsCharacter);

    public static bool IsKmsCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '/' or '\\' or '_' or '-' or '.' or '+' or '=' or ':' or '@';

    /// <summary>RAM publishes no set, and its own example holds a blank.</summary>
    public static bool IsRamCharacter(char c) => !char.IsControl(c);

    private static bool IsKey(string key, Func<char, bool> allowed) =>
        key.Length is > 0 and <= MaxLength && key.All(allowed)
        && !key.StartsWith("aliyun", StringComparison.OrdinalIgnoreCase)
        && !key.StartsWith("acs:", StringComparison.OrdinalIgnoreCase);
}

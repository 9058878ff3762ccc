namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>
/// What tag keys and values look like: up to 128 of letters, digits and <c>/ \ _ - . + = : @</c>; keys are not empty and do
/// not begin with <c>aliyun</c> or <c>acs:</c>. Letters are those of ASCII. Source: kms-api.md 11.
/// </summary>
internal static class TagSyntax
{
    public const int MaxLength = 128;

    /// <summary>None when both are well formed.</summary>
    public static ParameterFault Judge(string key, string value)
    {
        if (!IsKey(key))
        {
            return ParameterFault.TagKey;
        }

        return value.Length <= MaxLength && value.All(IsAllowed) ? ParameterFault.None : ParameterFault.TagValue;
    }

    public static bool IsKey(string key) =>
        key.Length is > 0 and <= MaxLength && key.All(IsAllowed)
        && !key.StartsWith("aliyun", StringComparison.OrdinalIgnoreCase)
        && !key.StartsWith("acs:", StringComparison.OrdinalIgnoreCase);

    private static bool IsAllowed(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '/' or '\\' or '_' or '-' or '.' or '+' or '=' or ':' or '@';
}

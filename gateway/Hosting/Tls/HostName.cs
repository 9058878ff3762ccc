namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>Names that a certificate may carry. Source: RFC 1123, section 2.1.</summary>
internal static class HostName
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>Labels of letters, digits and inner hyphens, joined by dots; no wildcard.</summary>
    public static bool IsValid(string name) => name.Length <= MaxLength && Array.TrueForAll(name.Split('.'), IsLabel);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}

namespace KmsGateway.Core.Certificates;

/// <summary>DNS names as certificates hold them: letters, digits and hyphens; the first label may be <c>*</c>. Source: RFC 5280, 4.2.1.6.</summary>
internal static class HostNames
{
    /// <summary>Of one request.</summary>
    public const int Most = 10;

    private const int MostCharacters = 253;
    private const int MostLabelCharacters = 63;

    public static bool IsValid(string name)
    {
        var labels = name.Split('.');
        return name.Length <= MostCharacters
            && labels.Skip(labels is ["*", _, _, ..] ? 1 : 0).All(IsLabel)
            // Why: the last label of an address is a number, that of a name never is.
            && !labels[^1].All(char.IsAsciiDigit);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MostLabelCharacters
        && label[0] != '-' && label[^1] != '-'
        && label.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}

namespace KmsGateway.Gateway.Wire;

/// <summary>Whether a request presents a signature in its <c>Authorization</c> header. Source: signing.md 1.</summary>
internal static class AcsAuthorization
{
    /// <summary>
    /// True for every algorithm of the family, known or not, in any letter case: such a request is judged by that header
    /// or refused, never by its parameters.
    /// </summary>
    public static bool IsPresent(IHeaderDictionary headers)
    {
        foreach (var value in headers.Authorization)
        {
            if (value is not null && value.Length > 4 && value[4] == '-' &&
                (value.StartsWith("ACS3", StringComparison.OrdinalIgnoreCase) ||
                 value.StartsWith("ACS4", StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}

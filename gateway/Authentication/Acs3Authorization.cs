using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// The parts of <c>ACS3-... Credential=&lt;id&gt;,SignedHeaders=&lt;a;b&gt;,Signature=&lt;hex&gt;</c>: one blank after the algorithm,
/// commas without blanks, each part once. Source: signing.md 3.1.
/// </summary>
internal sealed record Acs3Authorization(string Algorithm, string Credential, string SignedHeaders, string Signature)
{
    /// <summary>Reads the header; null when it is malformed.</summary>
    public static Acs3Authorization? TryParse(string header)
    {
        var blank = header.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0)
        {
            return null;
        }

        string? credential = null, signedHeaders = null, signature = null;
        foreach (var range in header.AsSpan(blank + 1).Split(','))
        {
            var part = header.AsSpan(blank + 1)[range];
            if (!TryTake(part, "Credential=", ref credential) &&
                !TryTake(part, "SignedHeaders=", ref signedHeaders) &&
                !TryTake(part, "Signature=", ref signature))
            {
                return null;
            }
        }

        return credential is null || signedHeaders is null || signature is null
            ? null
            : new Acs3Authorization(header[..blank], credential, signedHeaders, signature);
    }

    /// <summary>The algorithm alone, for headers whose other parts follow other rules.</summary>
    public static ReadOnlySpan<char> AlgorithmOf(string header)
    {
        var blank = header.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? header : header.AsSpan(0, blank);
    }

    private static bool TryTake(ReadOnlySpan<char> part, string prefix, ref string? value)
    {
        if (value is not null || part.Length == prefix.Length || !part.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        value = part[prefix.Length..].ToString();
        return true;
    }
}

/// <summary>The list of signed header names: lower case, sorted, without repeats. Source: signing.md 3.2.</summary>
internal static class SignedHeaderNames
{
    /// <summary>Whether the list is well formed.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> list)
    {
        ReadOnlySpan<char> previous = default;
        foreach (var range in list.Split(';'))
        {
            var name = list[range];
            if (!IsLowerCaseToken(name) || previous.SequenceCompareTo(name) >= 0)
            {
                return false;
            }

            previous = name;
        }

        return true;
    }

    /// <summary>Whether all that has to be signed is listed: host, every <c>x-acs-</c> header, the type of a body.</summary>
    public static bool CoverRequest(ReadOnlySpan<char> list, RpcRequest request)
    {
        if (!Contains(list, "host"))
        {
            return false;
        }

        foreach (var (name, _) in request.Headers)
        {
            if (name.StartsWith(WireNames.AcsHeaderPrefix, StringComparison.OrdinalIgnoreCase) && !Contains(list, name))
            {
                return false;
            }
        }

        return request.Body.IsEmpty || request.Headers.ContentType.Count == 0 || Contains(list, "content-type");
    }

    /// <summary>Whether every listed header is there.</summary>
    public static bool ArePresent(ReadOnlySpan<char> list, IHeaderDictionary headers)
    {
        foreach (var range in list.Split(';'))
        {
            if (!headers.ContainsKey(list[range].ToString()))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(ReadOnlySpan<char> list, string name)
    {
        foreach (var range in list.Split(';'))
        {
            if (list[range].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLowerCaseToken(ReadOnlySpan<char> name)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }
}

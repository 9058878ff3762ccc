using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Wire;

/// <summary>What is refused about parameters before anything is looked up. Source: signing.md 2.2, 9; threats.md row 3.</summary>
internal static class ParameterRules
{
    private static readonly (string Name, int MaxLength)[] Lengths =
    [
        (WireNames.AccessKeyId, WireLimits.MaxAccessKeyIdLength),
        (WireNames.SignatureNonce, WireLimits.MaxNonceLength),
        (WireNames.SecurityToken, WireLimits.MaxSecurityTokenLength),
        (WireNames.StsToken, WireLimits.MaxSecurityTokenLength),
    ];

    private static readonly (string Name, int MaxLength)[] HeaderLengths =
    [
        (WireNames.NonceHeader, WireLimits.MaxNonceLength),
        (WireNames.SecurityTokenHeader, WireLimits.MaxSecurityTokenLength),
    ];

    public static void RefuseHeaders(IHeaderDictionary headers)
    {
        foreach (var (name, maxLength) in HeaderLengths)
        {
            foreach (var value in headers[name])
            {
                if (value?.Length > maxLength)
                {
                    throw GatewayErrors.ParameterTooLong.With(name);
                }
            }
        }
    }

    public static void Refuse(ParameterCollection parameters)
    {
        RefuseDuplicates(parameters.AsSpan());
        RefuseOtherSpellings(parameters);
        foreach (var (name, maxLength) in Lengths)
        {
            if (parameters.TryGetValue(name, out var value) && value.Length > maxLength)
            {
                throw GatewayErrors.ParameterTooLong.With(name);
            }
        }
    }

    private static void RefuseDuplicates(ReadOnlySpan<KeyValuePair<string, string>> sorted)
    {
        for (var i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i].Key, sorted[i - 1].Key, StringComparison.Ordinal))
            {
                throw GatewayErrors.DuplicateParameter.With(Quotation.Of(sorted[i].Key));
            }
        }
    }

    private static void RefuseOtherSpellings(ParameterCollection parameters)
    {
        foreach (var (name, _) in parameters.AsSpan())
        {
            foreach (var known in WireNames.Authenticating)
            {
                if (name.Length == known.Length &&
                    !string.Equals(name, known, StringComparison.Ordinal) &&
                    string.Equals(name, known, StringComparison.OrdinalIgnoreCase) &&
                    parameters.TryGetValue(known, out _))
                {
                    throw GatewayErrors.DuplicateParameter.With(name);
                }
            }
        }
    }
}

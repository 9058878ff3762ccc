namespace KmsGateway.Gateway.Wire;

/// <summary>
/// The format a request asks for: signature 1.0 and unsigned requests by <c>Format</c> in any letter case, ACS3 by
/// <c>Accept</c>. Source: signing.md 2.1, 7.3.
/// </summary>
internal static class RequestedFormat
{
    private const string XmlType = "application/xml";

    /// <summary>The format; null when <c>Format</c> names neither.</summary>
    public static ResponseFormat? Of(IHeaderDictionary headers, ParameterCollection parameters, bool bySignedHeaders)
    {
        if (bySignedHeaders)
        {
            return AsksForXml(headers) ? ResponseFormat.Xml : ResponseFormat.Json;
        }

        var format = parameters.ValueOrNull(WireNames.Format);
        if (format is null || format.Equals("JSON", StringComparison.OrdinalIgnoreCase))
        {
            return ResponseFormat.Json;
        }

        return format.Equals("XML", StringComparison.OrdinalIgnoreCase) ? ResponseFormat.Xml : null;
    }

    private static bool AsksForXml(IHeaderDictionary headers)
    {
        var accept = headers.Accept;
        return accept.Count == 1 && accept[0] is { } type &&
            type.StartsWith(XmlType, StringComparison.OrdinalIgnoreCase) &&
            (type.Length == XmlType.Length || type[XmlType.Length] is ';' or ' ' or ',');
    }
}

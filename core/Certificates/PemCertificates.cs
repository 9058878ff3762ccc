using System.Security.Cryptography;

namespace KmsGateway.Core.Certificates;

/// <summary>Certificates out of PEM text, strictly: CERTIFICATE blocks with white space between them and nothing else.</summary>
internal static class PemCertificates
{
    /// <summary>Of one certificate in DER.</summary>
    public const int MostBytes = 16 * 1024;

    /// <summary>Of a chain, without the certificate itself.</summary>
    public const int MostIssuers = 8;

    private const string Label = "CERTIFICATE";

    /// <summary>Base64 of the longest certificate with CRLF in every line of 64, and the two lines around it.</summary>
    private const int MostCharacters = (MostBytes / 3 * 4 * 66 / 64) + 128;

    /// <summary>The blocks of <paramref name="text"/> in DER.</summary>
    /// <param name="text">Of the request.</param>
    /// <param name="parameter">Where it stands.</param>
    /// <param name="most">Blocks at most.</param>
    public static IReadOnlyList<byte[]> Read(string text, string parameter, int most)
    {
        if (text.Length > (long)MostCharacters * most)
        {
            throw CertificateFault.Of(parameter, "it is too long");
        }

        var found = new List<byte[]>();
        var rest = text.AsSpan();
        while (!rest.IsWhiteSpace())
        {
            var certificate = ReadFirst(ref rest, parameter);
            if (found.Count == most)
            {
                throw CertificateFault.Of(parameter, $"it holds more than {most} certificate{(most == 1 ? string.Empty : "s")}");
            }

            found.Add(certificate);
        }

        return found.Count > 0 ? found : throw CertificateFault.Of(parameter, "it holds no certificate");
    }

    /// <summary>PEM with a final newline.</summary>
    public static string Write(IEnumerable<byte[]> certificates) =>
        string.Concat(certificates.Select(certificate => PemEncoding.WriteString(Label, certificate) + "\n"));

    private static byte[] ReadFirst(ref ReadOnlySpan<char> text, string parameter)
    {
        if (!PemEncoding.TryFind(text, out var fields) || !text[..fields.Location.Start.Value].IsWhiteSpace() || text[fields.Label] is not Label)
        {
            throw CertificateFault.Of(parameter, "it must be PEM blocks of certificates and nothing else");
        }

        if (fields.DecodedDataLength > MostBytes)
        {
            throw CertificateFault.Of(parameter, $"a certificate is longer than {MostBytes} bytes");
        }

        var der = new byte[fields.DecodedDataLength];
        _ = Convert.TryFromBase64Chars(text[fields.Base64Data], der, out _);
        text = text[fields.Location.End.Value..];
        return der;
    }
}

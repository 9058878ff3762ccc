using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Core.Tickets;

/// <summary>The gateway's public keys: PEM texts of P-256 keys, two valid at once so that one can follow the other (decisions.md D2).</summary>
internal static class TicketKeys
{
    public const int Most = 2;

    private const string P256 = "1.2.840.10045.3.1.7";
    private const string PemStart = "-----BEGIN";

    /// <summary>A key out of a PEM text or of the file that a path names; a sentence when that fails.</summary>
    public static (SecurityKey? Key, string? Fault) Read(string textOrPath)
    {
        var isText = textOrPath.TrimStart().StartsWith(PemStart, StringComparison.Ordinal);
        try
        {
            return Import(isText ? textOrPath : File.ReadAllText(textOrPath));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"{textOrPath} cannot be read");
        }
    }

    private static (SecurityKey? Key, string? Fault) Import(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            var parameters = key.ExportParameters(false);
            if (parameters.Curve.Oid.Value != P256)
            {
                key.Dispose();
                return (null, "the key is not on curve P-256");
            }

            return (new ECDsaSecurityKey(key), null);
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return (null, "it is not the PEM text of a public key");
        }
    }
}

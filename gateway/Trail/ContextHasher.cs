using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Trail;

/// <summary>
/// Keyed hash of a value that may not be recorded in clear: HMAC-SHA-256, first 6 bytes. Equal values can be told to be
/// equal, guesses cannot be tested without the key. Source: audit-and-service-keys.md A4.
/// </summary>
internal sealed class ContextHasher(SecretBuffer key)
{
    private const int KeptBytes = 6;

    /// <summary><c>hmac:9f2c41d07a55</c>.</summary>
    public string Hash(string value)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.ExposeBytes(), Encoding.UTF8.GetBytes(value), mac);
        return $"hmac:{Convert.ToHexStringLower(mac[..KeptBytes])}";
    }
}

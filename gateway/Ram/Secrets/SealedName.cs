using System.Globalization;
using System.Text.Unicode;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Ram.Secrets;

/// <summary>The names that sealed secrets are bound to.</summary>
internal static class SealedName
{
    /// <summary>Enough for <see cref="WriteAccessKey"/>.</summary>
    public const int MaxAccessKeyBytes = 64 + (3 * WireLimits.MaxAccessKeyIdLength);

    /// <summary>A secret of an access key, in the hands of one owner.</summary>
    public static string AccessKey(string accessKeyId, long ownerId) =>
        string.Create(CultureInfo.InvariantCulture, $"access-key/{accessKeyId}/{ownerId}");

    /// <summary>The same as UTF-8; answers how many bytes.</summary>
    public static int WriteAccessKey(Span<byte> destination, string accessKeyId, long ownerId) =>
        Utf8.TryWrite(destination, CultureInfo.InvariantCulture, $"access-key/{accessKeyId}/{ownerId}", out var written)
            ? written
            : throw new ArgumentException("the id of an access key is longer than any that is accepted", nameof(accessKeyId));

    /// <summary>A key the gateway seals its own tokens and messages with.</summary>
    public static string GatewaySecret(string name) => $"gateway-secret/{name}";

    /// <summary>The proof that a data key is the right one.</summary>
    public static string DataKeyProof(long dataKeyId) =>
        string.Create(CultureInfo.InvariantCulture, $"data-key/{dataKeyId}");
}

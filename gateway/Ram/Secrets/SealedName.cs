using System.Globalization;

namespace KmsGateway.Gateway.Ram.Secrets;

/// <summary>The names that sealed secrets are bound to.</summary>
internal static class SealedName
{
    /// <summary>A secret of an access key, in the hands of one owner.</summary>
    public static string AccessKey(string accessKeyId, long ownerId) =>
        string.Create(CultureInfo.InvariantCulture, $"access-key/{accessKeyId}/{ownerId}");

    /// <summary>A key the gateway seals its own tokens and messages with.</summary>
    public static string GatewaySecret(string name) => $"gateway-secret/{name}";

    /// <summary>The proof that a data key is the right one.</summary>
    public static string DataKeyProof(long dataKeyId) =>
        string.Create(CultureInfo.InvariantCulture, $"data-key/{dataKeyId}");
}

using System.Security.Cryptography;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Ram.Secrets;

/// <summary>A new access key as the vendor's look: <c>LTAI</c> and 20 alphanumerics, a secret of 30 alphanumerics (178 bits); or a given one.</summary>
internal sealed record GeneratedAccessKey(string Id, SecretBuffer Secret) : IDisposable
{
    private const string Prefix = "LTAI";
    private const int IdCharacters = 20;
    private const int SecretCharacters = 30;

    private const int SessionIdCharacters = 26;
    private const string AlphanumericText = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly byte[] Alphanumerics = [.. AlphanumericText.Select(character => (byte)character)];

    public static GeneratedAccessKey Create()
    {
        var id = Prefix + RandomNumberGenerator.GetString(AlphanumericText, IdCharacters);
        return new GeneratedAccessKey(id, CreateSecret());
    }

    /// <summary>The id of a session's access key: <c>STS.</c> and 26 alphanumerics.</summary>
    public static string CreateSessionId() => Sts.StsApi.AccessKeyPrefix + RandomNumberGenerator.GetString(AlphanumericText, SessionIdCharacters);

    /// <summary>A new secret, as UTF-8.</summary>
    public static SecretBuffer CreateSecret()
    {
        Span<byte> secret = stackalloc byte[SecretCharacters];
        RandomNumberGenerator.GetItems(Alphanumerics, secret);
        var buffer = new SecretBuffer(secret);
        CryptographicOperations.ZeroMemory(secret);
        return buffer;
    }

    public void Dispose() => Secret.Dispose();
}

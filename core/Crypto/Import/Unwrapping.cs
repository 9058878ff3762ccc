using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>Opens wrapped material with the private key of a pair. One failure, whatever is wrong.</summary>
internal static class Unwrapping
{
    /// <summary>The bytes inside, which the caller zeroes, or null.</summary>
    public static byte[]? TryOpen(string algorithm, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> wrapped) =>
        algorithm == WrappingAlgorithms.Sm2 ? Sm2Keys.TryDecrypt(privateKey, wrapped) : TryOpenRsa(algorithm, privateKey, wrapped);

    private static byte[]? TryOpenRsa(string algorithm, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> wrapped)
    {
        if (algorithm == WrappingAlgorithms.Pkcs1)
        {
            return ImplicitRejection.TryDecrypt(privateKey, wrapped);
        }

        var padding = algorithm == WrappingAlgorithms.OaepSha1 ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(privateKey, out _);
        try
        {
            return rsa.Decrypt(wrapped, padding);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>SM2 by OpenSSL: signatures in DER over a digest that the caller made, ciphertexts raw (C1 C3 C2) out, raw or ASN.1 in.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Sm2KeyPair(SafeEvpPKeyHandle key) : IKeyPair
{
    public ReadOnlyMemory<byte> PublicKey { get; } = LibCryptoSm2.PublicKeyOf(key);

    public byte[] Sign(PairAlgorithm algorithm, ReadOnlySpan<byte> digest) => LibCryptoSm2.Sign(key, digest);

    public bool Verify(PairAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        DerSignature.IsWellFormed(signature) && LibCryptoSm2.Verify(key, digest, signature);

    public byte[] Encrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> plaintext) =>
        Sm2Ciphertext.TryRead(LibCryptoSm2.Encrypt(key, plaintext))?.ToRaw() ?? throw new CryptographicException("OpenSSL writes ASN.1.");

    public byte[]? TryDecrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> ciphertext)
    {
        if (Sm2Ciphertext.TryRead(ciphertext)?.ToSequence() is not { } sequence)
        {
            return null;
        }

        var output = GC.AllocateUninitializedArray<byte>(sequence.Length, pinned: true);
        try
        {
            var length = LibCryptoSm2.TryDecrypt(key, sequence, output);
            if (length < 0)
            {
                return null;
            }

            var plaintext = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            output.AsSpan(0, length).CopyTo(plaintext);
            return plaintext;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
        }
    }

    public void Dispose() => key.Dispose();
}

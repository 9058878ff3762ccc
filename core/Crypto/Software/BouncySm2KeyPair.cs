using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Crypto.KeyPairs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>
/// SM2 by BouncyCastle, where OpenSSL lacks the curve, and the second opinion of the tests. Copies it makes of a private key cannot be
/// zeroed.
/// </summary>
internal sealed class BouncySm2KeyPair : IKeyPair
{
    private readonly ECPrivateKeyParameters privateKey;
    private readonly ECPublicKeyParameters publicKey;

    /// <param name="pkcs8">DER PKCS#8 of this curve.</param>
    public BouncySm2KeyPair(ReadOnlySpan<byte> pkcs8)
    {
        var copy = pkcs8.ToArray();
        try
        {
            privateKey = (ECPrivateKeyParameters)PrivateKeyFactory.CreateKey(copy);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(copy);
        }

        publicKey = new ECPublicKeyParameters("EC", privateKey.Parameters.G.Multiply(privateKey.D).Normalize(), privateKey.PublicKeyParamSet);
        PublicKey = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(publicKey).GetDerEncoded();
    }

    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>DER PKCS#8 of a fresh pair.</summary>
    public static KeyMaterial Generate()
    {
        var (_, scalar) = Sm2Keys.Generate();
        var info = PrivateKeyInfoFactory.CreatePrivateKeyInfo(Sm2Keys.PrivateKeyOf(scalar)).GetDerEncoded();
        CryptographicOperations.ZeroMemory(scalar);
        var material = KeyMaterial.From(info);
        CryptographicOperations.ZeroMemory(info);
        return material;
    }

    public byte[] Sign(PairAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        var signer = new SM2Signer(new GivenDigest(digest.ToArray()));
        signer.Init(forSigning: true, privateKey);
        return signer.GenerateSignature();
    }

    public bool Verify(PairAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (!DerSignature.IsWellFormed(signature))
        {
            return false;
        }

        var signer = new SM2Signer(new GivenDigest(digest.ToArray()));
        signer.Init(forSigning: false, publicKey);
        return signer.VerifySignature(signature.ToArray());
    }

    public byte[] Encrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> plaintext) =>
        Sm2Keys.TryEncrypt(PublicKey.Span, plaintext) ?? throw new CryptographicException("The key is of this curve.");

    public byte[]? TryDecrypt(PairAlgorithm algorithm, ReadOnlySpan<byte> ciphertext) => Sm2Keys.TryDecrypt(privateKey, ciphertext);

    public void Dispose()
    {
        // nothing of it can be given up
    }

    /// <summary>Stands for the hash of ZA and message, which the caller made: whatever goes in, that comes out.</summary>
    private sealed class GivenDigest(byte[] digest) : IDigest
    {
        public string AlgorithmName => "SM3";

        public int GetDigestSize() => digest.Length;

        public int GetByteLength() => 64;

        public void Update(byte input)
        {
            // no part in the result
        }

        public void BlockUpdate(byte[] input, int inOff, int length)
        {
            // no part in the result
        }

        public int DoFinal(byte[] output, int outOff)
        {
            digest.CopyTo(output, outOff);
            return digest.Length;
        }

        public void Reset()
        {
            // holds nothing
        }
    }
}

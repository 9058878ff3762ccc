using System.Security.Cryptography;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Crypto.Software;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>OpenSSL and BouncyCastle on one key: each opens and verifies what the other made, and refuses the same.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class Sm2PairTests : IDisposable
{
    private static readonly byte[] Digest = SHA256.HashData("any 32 bytes"u8);

    private readonly IKeyPair[] pairs;

    public Sm2PairTests()
    {
        Assert.True(LibCryptoSm2.IsAvailable);
        using var material = PairSpecs.All["EC_SM2"].Generate();
        pairs = [PairSpecs.OpenSm2(material.ExposeBytes(SecretAccess.Cipher)), new BouncySm2KeyPair(material.ExposeBytes(SecretAccess.Cipher))];
        Assert.IsType<Sm2KeyPair>(pairs[0]);
    }

    public void Dispose()
    {
        foreach (var pair in pairs)
        {
            pair.Dispose();
        }
    }

    [Fact]
    public void PublicKey_OfBoth_IsTheSame() => Assert.Equal(pairs[0].PublicKey.ToArray(), pairs[1].PublicKey.ToArray());

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Signature_OfOne_VerifiesByTheOther(int signer, int verifier)
    {
        for (var round = 0; round < 50; round++)
        {
            var signature = pairs[signer].Sign(PairAlgorithm.Sm2Dsa, Digest);
            Assert.True(pairs[verifier].Verify(PairAlgorithm.Sm2Dsa, Digest, signature));
            Assert.False(pairs[verifier].Verify(PairAlgorithm.Sm2Dsa, new byte[32], signature));
            Assert.False(pairs[verifier].Verify(PairAlgorithm.Sm2Dsa, Digest, [.. signature, 0]));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Ciphertext_OfOne_OpensByTheOther(int sender, int receiver)
    {
        foreach (var length in (int[])[1, 31, 32, 33, 1000, 6047])
        {
            var plaintext = RandomNumberGenerator.GetBytes(length);
            var ciphertext = pairs[sender].Encrypt(PairAlgorithm.Sm2Pke, plaintext);
            Assert.Equal(97 + length, ciphertext.Length);
            Assert.Equal(plaintext, pairs[receiver].TryDecrypt(PairAlgorithm.Sm2Pke, ciphertext));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Ciphertext_EveryByteFlippedOrCut_DoesNotOpen(int receiver)
    {
        var ciphertext = pairs[0].Encrypt(PairAlgorithm.Sm2Pke, "text"u8);
        for (var index = 0; index < ciphertext.Length; index++)
        {
            ciphertext[index] ^= 1;
            Assert.Null(pairs[receiver].TryDecrypt(PairAlgorithm.Sm2Pke, ciphertext));
            ciphertext[index] ^= 1;
            Assert.Null(pairs[receiver].TryDecrypt(PairAlgorithm.Sm2Pke, ciphertext.AsSpan(0, index)));
        }

        Assert.Equal("text"u8.ToArray(), pairs[receiver].TryDecrypt(PairAlgorithm.Sm2Pke, ciphertext));
    }

    [Fact]
    public void Key_MadeByBouncyCastle_OpensInOpenSsl()
    {
        using var material = BouncySm2KeyPair.Generate();
        using var bouncy = new BouncySm2KeyPair(material.ExposeBytes(SecretAccess.Cipher));
        using var openSsl = PairSpecs.OpenSm2(material.ExposeBytes(SecretAccess.Cipher));

        Assert.Equal(bouncy.PublicKey.ToArray(), openSsl.PublicKey.ToArray());
        Assert.True(bouncy.Verify(PairAlgorithm.Sm2Dsa, Digest, openSsl.Sign(PairAlgorithm.Sm2Dsa, Digest)));
    }

    [Fact]
    public void PrivateKey_OfAnotherCurve_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pkcs8 = other.ExportPkcs8PrivateKey();

        Assert.Throws<CryptographicException>(() => LibCryptoSm2.OpenPrivateKey(pkcs8));
    }
}

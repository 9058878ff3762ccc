using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Tests.Crypto;

public sealed class ForeignPublicKeyTests
{
    [Theory]
    [InlineData(2048, "RSA_2048")]
    [InlineData(3072, "RSA_3072")]
    [InlineData(1024, null)]
    [InlineData(2056, null)]
    [InlineData(4096, null)]
    public void Rsa_OfTheSizesOfTheSpecs_AreKnown(int bits, string? spec)
    {
        using var rsa = RSA.Create(bits);

        Assert.Equal(spec, ForeignPublicKey.SpecOf(rsa.ExportSubjectPublicKeyInfo()));
    }

    [Theory]
    [InlineData("1.2.840.10045.3.1.7", "EC_P256")]
    [InlineData("1.3.132.0.10", "EC_P256K")]
    [InlineData("1.3.132.0.34", null)]
    [InlineData("1.3.36.3.3.2.8.1.1.7", null)]
    public void Curve_OfTheSpecs_IsKnown(string curve, string? spec)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromValue(curve));

        Assert.Equal(spec, ForeignPublicKey.SpecOf(key.ExportSubjectPublicKeyInfo()));
    }

    [Fact]
    public void Sm2_IsKnown()
    {
        using var pair = WrappingPair.Generate(WrappingAlgorithms.EcSm2);

        Assert.Equal("EC_SM2", ForeignPublicKey.SpecOf(pair.PublicKey));
    }

    [Fact]
    public void Curve_WithExplicitParameters_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var explicitly = ECDsa.Create(key.ExportExplicitParameters(includePrivateParameters: false));

        Assert.Null(ForeignPublicKey.SpecOf(explicitly.ExportSubjectPublicKeyInfo()));
    }

    [Fact]
    public void EveryCutAndEveryAddition_IsRefused()
    {
        using var key = RSA.Create(2048);
        var info = key.ExportSubjectPublicKeyInfo();

        Assert.Null(ForeignPublicKey.SpecOf((byte[])[.. info, 0]));
        for (var length = 0; length < info.Length; length++)
        {
            Assert.Null(ForeignPublicKey.SpecOf(info.AsMemory(0, length)));
        }
    }
}

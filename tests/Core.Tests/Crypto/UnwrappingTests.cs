using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>The laws of implicit rejection, and both forms of SM2 ciphertexts.</summary>
public sealed class UnwrappingTests
{
    [Fact]
    public void ImplicitRejection_OfBadPadding_IsStableAndDependsOnKeyAndCiphertext()
    {
        using var one = WrappingPair.Generate(WrappingAlgorithms.Rsa2048);
        using var two = WrappingPair.Generate(WrappingAlgorithms.Rsa2048);
        var lengths = new HashSet<int>();
        for (var round = 0; round < 20; round++)
        {
            // below either modulus, and not padded but with a chance of 2^-16
            var wrapped = RandomNumberGenerator.GetBytes(256);
            wrapped[0] = 0x7f;
            var first = ImplicitRejection.TryDecrypt(one.PrivateKey, wrapped)!;

            Assert.Equal(first, ImplicitRejection.TryDecrypt(one.PrivateKey, wrapped));
            Assert.NotEqual(first, ImplicitRejection.TryDecrypt(two.PrivateKey, wrapped));
            Assert.InRange(first.Length, 0, 246);
            _ = lengths.Add(first.Length);
        }

        Assert.InRange(lengths.Count, 5, 20);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    public void Decode_SeparatorAtTheLeastPadding_IsTakenAndOneEarlierIsNot(int separator, bool isTaken)
    {
        var padded = Enumerable.Repeat((byte)1, 256).ToArray();
        (padded[0], padded[1], padded[separator]) = (0, 2, 0);

        var message = ImplicitRejection.Decode(padded, new byte[32]);

        Assert.Equal(isTaken, message.Length == 255 - separator && message.All(each => each == 1));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    public void Decode_WrongHead_IsRejected(int position, byte value)
    {
        var padded = Enumerable.Repeat((byte)1, 256).ToArray();
        (padded[0], padded[1], padded[200]) = (0, 2, 0);
        padded[position] = value;

        Assert.NotEqual(Enumerable.Repeat((byte)1, 55), ImplicitRejection.Decode(padded, new byte[32]));
    }

    [Fact]
    public void Sm2_BothForms_Open()
    {
        using var pair = WrappingPair.Generate(WrappingAlgorithms.EcSm2);
        var message = RandomNumberGenerator.GetBytes(32);

        var raw = Sm2Keys.TryEncrypt(pair.PublicKey, message)!;

        Assert.Equal(97 + 32, raw.Length);
        Assert.Equal(message, Sm2Keys.TryDecrypt(pair.PrivateKey, raw));
        for (var index = 0; index < raw.Length; index++)
        {
            raw[index] ^= 1;
            Assert.Null(Sm2Keys.TryDecrypt(pair.PrivateKey, raw));
            raw[index] ^= 1;
        }
    }
}

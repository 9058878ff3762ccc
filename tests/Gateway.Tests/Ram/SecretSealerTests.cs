using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram.Secrets;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class SecretSealerTests : IDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    private readonly SecretSealer sealer = new(new SecretBuffer(Key));

    public static TheoryData<int> Positions { get; } = [.. Enumerable.Range(0, 1 + 12 + 6 + 16)];

    public void Dispose() => sealer.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(4096)]
    public void Open_SameKeyAndName_ReturnsTheSecret(int length)
    {
        var secret = RandomNumberGenerator.GetBytes(length);
        using var opened = sealer.Open(sealer.Seal(secret, "access-key/a/1"), "access-key/a/1");
        Assert.True(opened.FixedTimeEquals(secret));
    }

    [Fact]
    public void Seal_SameSecretTwice_DiffersAndHoldsNoClearText()
    {
        var secret = "thirty characters of a secret!"u8.ToArray();
        var first = sealer.Seal(secret, "n");
        Assert.NotEqual(first, sealer.Seal(secret, "n"));
        Assert.Equal(1 + 12 + secret.Length + 16, first.Length);
        Assert.Equal(-1, first.AsSpan().IndexOf(secret.AsSpan(0, 8)));
    }

    [Theory]
    [MemberData(nameof(Positions))]
    public void Open_AnyByteFlipped_IsRefused(int position)
    {
        var bytes = sealer.Seal("secret"u8, "n");
        bytes[position] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(bytes, "n"));
    }

    [Fact]
    public void Open_AnyTruncation_IsRefused()
    {
        var bytes = sealer.Seal("secret"u8, "n");
        Assert.All(
            Enumerable.Range(0, bytes.Length),
            length => Assert.ThrowsAny<CryptographicException>(() => sealer.Open(bytes.AsSpan(0, length), "n")));
    }

    [Fact]
    public void Open_OtherName_IsRefused()
    {
        var bytes = sealer.Seal("secret"u8, SealedName.AccessKey("LTAIone", 1));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(bytes, SealedName.AccessKey("LTAItwo", 1)));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(bytes, SealedName.AccessKey("LTAIone", 2)));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(bytes, SealedName.GatewaySecret("LTAIone")));
    }

    [Fact]
    public void Open_OtherKey_IsRefused()
    {
        using var other = new SecretSealer(new SecretBuffer(RandomNumberGenerator.GetBytes(32)));
        Assert.ThrowsAny<CryptographicException>(() => other.Open(sealer.Seal("secret"u8, "n"), "n"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(33)]
    public void Constructor_KeyOfAnotherLength_IsRefused(int length)
    {
        using var key = new SecretBuffer(new byte[length]);
        Assert.Throws<ArgumentException>(() => new SecretSealer(key));
    }

    [Fact]
    public void Disposed_SealsAndOpensNothing()
    {
        var bytes = sealer.Seal("secret"u8, "n");
        sealer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sealer.Open(bytes, "n"));
        Assert.Throws<ObjectDisposedException>(() => sealer.Seal("secret"u8, "n"));
    }
}

using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Tests.Crypto;

public sealed class SecretBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public void ExposeBytes_AnyLength_HoldsTheCopy(int length)
    {
        var secret = Enumerable.Range(0, length).Select(index => (byte)index).ToArray();

        using var buffer = new SecretBuffer(secret);

        Assert.Equal(length, buffer.Length);
        Assert.Equal(secret, buffer.ExposeBytes().ToArray());
        Assert.True(buffer.FixedTimeEquals(secret));
    }

    [Fact]
    public unsafe void Dispose_Zeroes_TheMemoryItUsed()
    {
        var buffer = new SecretBuffer("a secret of thirty-two bytes ..."u8);
        fixed (byte* memory = buffer.ExposeBytes())
        {
            Assert.Equal((byte)'a', memory[0]);
            buffer.Dispose();
            Assert.Equal(new byte[32], new ReadOnlySpan<byte>(memory, 32).ToArray());
        }
    }

    [Fact]
    public void ExposeBytes_AfterDispose_Throws()
    {
        var buffer = SecretBuffer.Random(32);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.ExposeBytes().Length);
    }

    [Fact]
    public void ToString_Always_IsTheNameOfTheType()
    {
        using var buffer = new SecretBuffer("secret"u8);
        using var material = KeyMaterial.From("secret"u8);

        Assert.Equal("SecretBuffer", buffer.ToString());
        Assert.Equal("KeyMaterial", material.ToString());
    }

    [Fact]
    public void Rent_TwoBuffers_DoNotOverlap()
    {
        using var first = new SecretBuffer(new byte[32]);
        using var second = new SecretBuffer(Enumerable.Repeat((byte)1, 32).ToArray());

        Assert.Equal(new byte[32], first.ExposeBytes().ToArray());
    }

    [Fact]
    public void LockedPages_AreCounted_ByTheSystem()
    {
        using var buffer = SecretBuffer.Random(32);
        var locked = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmLck:", StringComparison.Ordinal));

        Assert.True(!SecretMemory.IsLocked || !locked.Contains(" 0 kB", StringComparison.Ordinal), locked);
    }
}

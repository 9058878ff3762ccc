using System.Security.Cryptography;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Authentication;

/// <summary>The secret of an access key, however it is kept; its bytes come out for the span of one MAC.</summary>
internal abstract class AccessKeySecret
{
    private const int MaxStackBytes = 256;

    /// <summary>Length in bytes.</summary>
    public abstract int Length { get; }

    /// <summary>Writes the secret into <paramref name="destination"/>, <see cref="Length"/> bytes; the caller zeroes them.</summary>
    public abstract void CopyTo(Span<byte> destination);

    /// <summary>Whether it is the same as <paramref name="other"/>, in constant time.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other)
    {
        // Why pinned: the collector copies what it moves, and zeroes no copy.
        var length = Length;
        Span<byte> bytes = length <= MaxStackBytes ? stackalloc byte[length] : GC.AllocateUninitializedArray<byte>(length, pinned: true);
        try
        {
            CopyTo(bytes);
            return CryptographicOperations.FixedTimeEquals(bytes, other);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The type's name; never the bytes.</summary>
    public sealed override string ToString() => nameof(AccessKeySecret);
}

/// <summary>
/// A secret in locked memory. Why it is not disposed when its key leaves a cache: a request that found it may still be computing
/// its MAC, and a MAC under zeroed bytes is one that a stranger can compute too. The last one to let go leaves it to the collector.
/// </summary>
internal sealed class HeldSecret(SecretBuffer secret) : AccessKeySecret
{
    public override int Length => secret.Length;

    public override void CopyTo(Span<byte> destination)
    {
        secret.ExposeBytes().CopyTo(destination);

        // Why: a span does not keep its buffer alive.
        GC.KeepAlive(this);
    }
}

using System.Security.Cryptography;

namespace KmsGateway.Core.Contract;

/// <summary>Bytes that must not outlive their use: pinned, zeroed on dispose, never printed, compared in constant time.</summary>
public sealed class SecretBuffer : IDisposable
{
    private readonly byte[] bytes;

    /// <summary>Copies <paramref name="secret"/>; the caller zeroes its own copy.</summary>
    public SecretBuffer(ReadOnlySpan<byte> secret)
    {
        bytes = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(bytes);
    }

    /// <summary>Length in bytes.</summary>
    public int Length => bytes.Length;

    /// <summary>The bytes, for the span of one cryptographic call.</summary>
    public ReadOnlySpan<byte> ExposeBytes() => bytes;

    /// <summary>Whether both hold the same bytes, in constant time.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(bytes, other);

    /// <inheritdoc />
    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);

    /// <summary>The type's name; never the bytes.</summary>
    public override string ToString() => nameof(SecretBuffer);
}

using System.Security.Cryptography;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto;

/// <summary>Why the bytes of a key are looked at; one search finds every use.</summary>
internal enum SecretAccess
{
    None = 0,

    /// <summary>To compute a fingerprint.</summary>
    Fingerprint,

    /// <summary>To put them into a sealed record.</summary>
    Seal,

    /// <summary>To key a cipher or an authentication code.</summary>
    Cipher,

    /// <summary>To derive the seal key of an epoch.</summary>
    Derive,
}

/// <summary>The secret bytes of one key version or of the root of the hierarchy. Never printed, serialised or copied out.</summary>
internal sealed class KeyMaterial : IDisposable
{
    private readonly SecretBuffer buffer;

    private KeyMaterial(SecretBuffer buffer) => this.buffer = buffer;

    public int Length => buffer.Length;

    /// <summary>Takes a copy; the caller zeroes its own.</summary>
    public static KeyMaterial From(ReadOnlySpan<byte> bytes) => new(new SecretBuffer(bytes));

    public static KeyMaterial Random(int length) => new(SecretBuffer.Random(length));

    /// <summary>HKDF-SHA-256 of this material, written straight into locked memory.</summary>
    public KeyMaterial Derive(int length, ReadOnlySpan<byte> info)
    {
        var purpose = info.ToArray();
        return new(SecretBuffer.Filled(
            length,
            bytes => HKDF.DeriveKey(HashAlgorithmName.SHA256, ExposeBytes(SecretAccess.Derive), bytes, [], purpose)));
    }

    public ReadOnlySpan<byte> ExposeBytes(SecretAccess access)
    {
        if (access == SecretAccess.None)
        {
            throw new ArgumentOutOfRangeException(nameof(access));
        }

        return buffer.ExposeBytes();
    }

    public void Dispose() => buffer.Dispose();

    public override string ToString() => nameof(KeyMaterial);
}

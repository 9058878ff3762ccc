using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KmsGateway.Core.Contract;

/// <summary>
/// Bytes that must not outlive their use: in <see cref="SecretMemory"/>, zeroed on dispose, never printed, compared in
/// constant time. One owner disposes it; using it afterwards throws.
/// </summary>
public sealed class SecretBuffer : IDisposable
{
    private readonly Slot slot;

    /// <summary>Copies <paramref name="secret"/>; the caller zeroes its own copy.</summary>
    public SecretBuffer(ReadOnlySpan<byte> secret)
        : this(secret.Length) => secret.CopyTo(slot.Bytes(Length));

    private SecretBuffer(int length)
    {
        Length = length;
        slot = new Slot(length);
    }

    /// <summary>Length in bytes.</summary>
    public int Length { get; }

    /// <summary>Fresh random bytes that were never anywhere else.</summary>
    public static SecretBuffer Random(int length) => Filled(length, RandomNumberGenerator.Fill);

    /// <summary>The bytes, for the span of one cryptographic call.</summary>
    public ReadOnlySpan<byte> ExposeBytes() => slot.Bytes(Length);

    /// <summary>Whether both hold the same bytes, in constant time.</summary>
    public bool FixedTimeEquals(ReadOnlySpan<byte> other)
    {
        var isEqual = CryptographicOperations.FixedTimeEquals(slot.Bytes(Length), other);

        // Why: a span does not keep its buffer alive.
        GC.KeepAlive(this);
        return isEqual;
    }

    /// <inheritdoc />
    public void Dispose() => slot.Dispose();

    /// <summary>The type's name; never the bytes.</summary>
    public override string ToString() => nameof(SecretBuffer);

    /// <summary>A buffer whose bytes are written in place by <paramref name="fill"/>.</summary>
    internal static SecretBuffer Filled(int length, SecretFiller fill)
    {
        var buffer = new SecretBuffer(length);
        try
        {
            fill(buffer.slot.Bytes(length));
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Returns, and thereby zeroes, its slot exactly once, also when nobody disposed it.</summary>
    private sealed class Slot : SafeHandle
    {
        private readonly int rented;

        public Slot(int length)
            : base(0, ownsHandle: true)
        {
            rented = Math.Max(length, 1);
            SetHandle(SecretMemory.Rent(rented));
        }

        public override bool IsInvalid => handle == 0;

        public unsafe Span<byte> Bytes(int length)
        {
            ObjectDisposedException.ThrowIf(IsClosed, typeof(SecretBuffer));
            return new Span<byte>((void*)handle, length);
        }

        protected override bool ReleaseHandle()
        {
            SecretMemory.Return(handle, rented);
            return true;
        }
    }
}

/// <summary>Writes a secret in place.</summary>
internal delegate void SecretFiller(Span<byte> bytes);

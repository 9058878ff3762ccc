using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Ram.Secrets;

/// <summary>
/// Seals what ram.db keeps secret under the gateway's data key, bound to the name of what is sealed: a sealed secret moved
/// to another row does not open. AES-256-GCM, <c>{ format:1 = 1 | nonce:12 | ciphertext | tag:16 }</c>.
/// </summary>
internal sealed class SecretSealer : IDisposable
{
    private const byte Format = 1;
    private const int NonceStart = 1;
    private const int NonceBytes = 12;
    private const int TextStart = NonceStart + NonceBytes;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly SecretBuffer dataKey;
    private readonly ConcurrentBag<AesGcm> idle = [];
    private volatile bool isClosed;

    /// <summary>Takes <paramref name="dataKey"/> over: 32 bytes, disposed with this.</summary>
    public SecretSealer(SecretBuffer dataKey)
    {
        if (dataKey.Length != KeyBytes)
        {
            throw new ArgumentException("a data key has 32 bytes", nameof(dataKey));
        }

        this.dataKey = dataKey;
    }

    /// <summary>Seals <paramref name="secret"/> as <paramref name="name"/>.</summary>
    public byte[] Seal(ReadOnlySpan<byte> secret, string name)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        var output = new byte[TextStart + secret.Length + TagBytes];
        output[0] = Format;
        var nonce = output.AsSpan(NonceStart, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(dataKey.ExposeBytes(), TagBytes);
        aes.Encrypt(
            nonce, secret, output.AsSpan(TextStart, secret.Length), output.AsSpan(TextStart + secret.Length), Encoding.UTF8.GetBytes(name));
        return output;
    }

    /// <summary>How long the secret is that was sealed.</summary>
    /// <exception cref="CryptographicException">No sealed secret.</exception>
    public static int LengthOf(ReadOnlySpan<byte> sealedSecret) =>
        sealedSecret.Length >= TextStart + TagBytes && sealedSecret[0] == Format
            ? sealedSecret.Length - TextStart - TagBytes
            : throw new CryptographicException("The sealed secret cannot be opened.");

    /// <summary>Opens what was sealed as <paramref name="name"/>.</summary>
    /// <exception cref="CryptographicException">Another data key, another name, or altered bytes; no telling which.</exception>
    public SecretBuffer Open(ReadOnlySpan<byte> sealedSecret, string name)
    {
        // Why pinned: the collector copies what it moves, and zeroes no copy.
        var text = GC.AllocateUninitializedArray<byte>(LengthOf(sealedSecret), pinned: true);
        try
        {
            Open(sealedSecret, Encoding.UTF8.GetBytes(name), text);
            return new SecretBuffer(text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Opens what was sealed under <paramref name="name"/> into the first bytes of <paramref name="destination"/>; the caller zeroes them.</summary>
    /// <exception cref="CryptographicException">As above.</exception>
    public void Open(ReadOnlySpan<byte> sealedSecret, ReadOnlySpan<byte> name, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        var length = LengthOf(sealedSecret);

        // Why kept: a signature is proven with one of these, and making one expands the key anew.
        var aes = idle.TryTake(out var kept) ? kept : new AesGcm(dataKey.ExposeBytes(), TagBytes);
        try
        {
            aes.Decrypt(
                sealedSecret.Slice(NonceStart, NonceBytes), sealedSecret.Slice(TextStart, length), sealedSecret[(TextStart + length)..], destination[..length], name);
        }
        finally
        {
            GiveBack(aes);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        isClosed = true;
        dataKey.Dispose();
        CloseIdle();
    }

    private void GiveBack(AesGcm aes)
    {
        idle.Add(aes);
        if (isClosed)
        {
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out var aes))
        {
            aes.Dispose();
        }
    }
}

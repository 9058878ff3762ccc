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

    /// <summary>Opens what was sealed as <paramref name="name"/>.</summary>
    /// <exception cref="CryptographicException">Another data key, another name, or altered bytes; no telling which.</exception>
    public SecretBuffer Open(ReadOnlySpan<byte> sealedSecret, string name)
    {
        ObjectDisposedException.ThrowIf(isClosed, this);
        if (sealedSecret.Length < TextStart + TagBytes || sealedSecret[0] != Format)
        {
            throw new CryptographicException("The sealed secret cannot be opened.");
        }

        var length = sealedSecret.Length - TextStart - TagBytes;
        var text = new byte[length];
        try
        {
            using var aes = new AesGcm(dataKey.ExposeBytes(), TagBytes);
            aes.Decrypt(
                sealedSecret.Slice(NonceStart, NonceBytes),
                sealedSecret.Slice(TextStart, length),
                sealedSecret[(TextStart + length)..],
                text,
                Encoding.UTF8.GetBytes(name));
            return new SecretBuffer(text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        isClosed = true;
        dataKey.Dispose();
    }
}

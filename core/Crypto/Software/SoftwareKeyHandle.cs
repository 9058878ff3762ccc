namespace KmsGateway.Core.Crypto.Software;

/// <summary>An AES-256 key version in process. Ciphers are for one thread at a time, so a few are kept and lent out.</summary>
internal sealed class SoftwareKeyHandle : ISymmetricKey
{
    private readonly KeyMaterial material;
    private readonly byte[] check;
    private readonly XaesGcm?[] idle = new XaesGcm?[Environment.ProcessorCount];

    public SoftwareKeyHandle(KeyMaterial material, string versionId)
    {
        this.material = material;
        check = MaterialFingerprint.Check(material, MaterialFingerprint.OfAes, versionId);
    }

    public byte Algorithm => CiphertextBlob.XaesGcmAlgorithm;

    public int NonceLength => XaesGcm.NonceLength;

    public bool IsCounted => false;

    public ReadOnlySpan<byte> Check => check;

    public void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        var cipher = Borrow();
        try
        {
            cipher.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
        }
        finally
        {
            GiveBack(cipher);
        }
    }

    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        var cipher = Borrow();
        try
        {
            return cipher.TryDecrypt(nonce, ciphertext, tag, plaintext, associatedData);
        }
        finally
        {
            GiveBack(cipher);
        }
    }

    public void Dispose()
    {
        for (var slot = 0; slot < idle.Length; slot++)
        {
            Interlocked.Exchange(ref idle[slot], null)?.Dispose();
        }

        material.Dispose();
    }

    private XaesGcm Borrow()
    {
        for (var slot = 0; slot < idle.Length; slot++)
        {
            if (Interlocked.Exchange(ref idle[slot], null) is { } cipher)
            {
                return cipher;
            }
        }

        return new XaesGcm(material.ExposeBytes(SecretAccess.Cipher));
    }

    private void GiveBack(XaesGcm cipher)
    {
        for (var slot = 0; slot < idle.Length; slot++)
        {
            if (Interlocked.CompareExchange(ref idle[slot], cipher, null) is null)
            {
                return;
            }
        }

        cipher.Dispose();
    }
}

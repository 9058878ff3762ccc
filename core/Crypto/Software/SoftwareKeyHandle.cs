namespace KmsGateway.Core.Crypto.Software;

/// <summary>An AES-256 key version in process. Ciphers are for one thread at a time, so a few are kept and lent out.</summary>
internal sealed class SoftwareKeyHandle : ISymmetricKey
{
    private readonly KeyMaterial material;
    private readonly byte[] check;
    private readonly Lending<XaesGcm> lending;

    public SoftwareKeyHandle(KeyMaterial material, string versionId)
    {
        this.material = material;
        check = MaterialFingerprint.Check(material, MaterialFingerprint.OfAes, versionId);
        lending = new Lending<XaesGcm>(() => new XaesGcm(material.ExposeBytes(SecretAccess.Cipher)));
    }

    public byte Algorithm => CiphertextBlob.XaesGcmAlgorithm;

    public int NonceLength => XaesGcm.NonceLength;

    public bool IsCounted => false;

    public ReadOnlySpan<byte> Check => check;

    public void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        using var loan = lending.Borrow();
        loan.Item.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
    }

    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        using var loan = lending.Borrow();
        return loan.Item.TryDecrypt(nonce, ciphertext, tag, plaintext, associatedData);
    }

    public void Dispose()
    {
        lending.Dispose();
        material.Dispose();
    }
}

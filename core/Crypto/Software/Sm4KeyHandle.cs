namespace KmsGateway.Core.Crypto.Software;

/// <summary>An SM4 key version in process: nothing but its material is kept between calls.</summary>
internal sealed class Sm4KeyHandle(KeyMaterial material, string versionId) : ISymmetricKey
{
    private readonly byte[] check = MaterialFingerprint.Check(material, Sm4Gcm.Fingerprint, versionId);

    public byte Algorithm => CiphertextBlob.Sm4GcmAlgorithm;

    public int NonceLength => Sm4Gcm.NonceLength;

    public bool IsCounted => true;

    public ReadOnlySpan<byte> Check => check;

    public void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData) =>
        Sm4Gcm.Encrypt(material.ExposeBytes(SecretAccess.Cipher), nonce, plaintext, ciphertext, tag, associatedData);

    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> associatedData) =>
        Sm4Gcm.TryDecrypt(material.ExposeBytes(SecretAccess.Cipher), nonce, ciphertext, tag, plaintext, associatedData);

    public void Dispose() => material.Dispose();
}

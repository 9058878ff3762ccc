using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;

namespace KmsGateway.Core.Tests.Crypto;

public sealed class CiphertextBlobTests : IDisposable
{
    private const string KeyId = "8d3f6a10-2b47-4c0e-9c1d-5e7a9b0c4d21";
    private const string VersionId = "c41b7e92-7a55-4f0d-8f3e-1a2b3c4d5e6f";

    private static readonly byte[] Material = SHA256.HashData("fixed"u8);
    private static readonly byte[] Plaintext = "attack at dawn"u8.ToArray();

    private readonly SoftwareKeyHandle handle = new(KeyMaterial.From(Material), VersionId);
    private readonly EncryptionContext context = Context(("a", "1"));

    public void Dispose() => handle.Dispose();

    [Fact]
    public void Seal_AnyText_HasTheDrawnLayout()
    {
        var blob = Seal();
        using var aes = Aes.Create();
        aes.Key = Material;
        var fingerprint = aes.EncryptEcb("kms-material-fp1kms-material-fp2"u8, PaddingMode.None);
        var check = SHA256.HashData([.. "kms-check-1"u8, .. fingerprint, .. Encoding.ASCII.GetBytes(VersionId)]);

        Assert.Equal(94 + Plaintext.Length, blob.Length);
        Assert.Equal(VersionId, Encoding.ASCII.GetString(blob, 0, 36));
        Assert.Equal((1, 1), (blob[36], blob[37]));
        Assert.Equal(check[..16], blob[38..54]);
    }

    [Fact]
    public void Seal_AssociatedData_IsTheDocumentedBytes()
    {
        var blob = Seal();
        byte[] associated =
        [
            .. "kms-blob-1"u8, .. blob[..54], 0, 0, 0, 36, .. Encoding.ASCII.GetBytes(KeyId),
            0, 0, 0, 1, 0, 0, 0, 1, (byte)'a', 0, 0, 0, 1, (byte)'1',
        ];
        using var cipher = new XaesGcm(Material);
        var opened = new byte[Plaintext.Length];

        Assert.True(cipher.TryDecrypt(blob.AsSpan(54, 24), blob.AsSpan(78, Plaintext.Length), blob.AsSpan(^16), opened, associated));
        Assert.Equal(Plaintext, opened);
    }

    [Fact]
    public void Seal_LargestMessage_GivesTheDocumentedNumberOfCharacters()
    {
        var text = CiphertextBlob.Seal(handle, KeyId, VersionId, new byte[8192], context);

        Assert.Equal(11_048, text.Length);
        Assert.NotNull(CiphertextBlob.DecodeStrict(text));
    }

    [Fact]
    public void Open_EachByteFlipped_IsRefused()
    {
        var blob = Seal();
        for (var index = 0; index < blob.Length; index++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                blob[index] ^= (byte)(1 << bit);
                Assert.Null(Open(blob));
                blob[index] ^= (byte)(1 << bit);
            }
        }

        Assert.Equal(Plaintext, Open(blob));
    }

    [Fact]
    public void Open_EachTruncation_IsRefused()
    {
        var blob = Seal();
        for (var length = 0; length < blob.Length; length++)
        {
            Assert.Null(Open(blob[..length]));
        }

        Assert.Null(Open([.. blob, 0]));
    }

    [Fact]
    public void Open_UnderAnotherKeyIdOrVersion_IsRefused()
    {
        var blob = Seal();
        using var sameMaterial = new SoftwareKeyHandle(KeyMaterial.From(Material), KeyId);

        Assert.Null(CiphertextBlob.Open(handle, VersionId, VersionId, blob, context));
        Assert.Null(CiphertextBlob.Open(sameMaterial, KeyId, KeyId, blob, context));
    }

    [Fact]
    public void Open_CheckValueForgedForOtherMaterial_IsRefused()
    {
        var blob = Seal();
        using var other = new SoftwareKeyHandle(KeyMaterial.From(SHA256.HashData("other"u8)), VersionId);

        Assert.Null(CiphertextBlob.Open(other, KeyId, VersionId, blob, context));
    }

    [Theory]
    [InlineData("")]
    [InlineData("QUJD\n")]
    [InlineData("QU JD")]
    [InlineData("QUJ")]
    [InlineData("QUI")]
    [InlineData("QUJ=")]
    [InlineData("QUJDQQ=")]
    [InlineData("QQ==QUJD")]
    [InlineData("_-8=")]
    [InlineData("QUJ\u0141")]
    public void DecodeStrict_NotCanonical_IsNull(string text) => Assert.Null(CiphertextBlob.DecodeStrict(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void DecodeStrict_Canonical_GivesTheBytes() => Assert.Equal("ABCA"u8.ToArray(), CiphertextBlob.DecodeStrict("QUJDQQ=="u8));

    [Theory]
    [InlineData("C41B7E92-7A55-4F0D-8F3E-1A2B3C4D5E6F")]
    [InlineData("{41b7e92-7a55-4f0d-8f3e-1a2b3c4d5e6f")]
    [InlineData("c41b7e927-a55-4f0d-8f3e-1a2b3c4d5e6f")]
    public void VersionIdOf_NotALowerCaseUuid_IsNull(string head) => Assert.Null(CiphertextBlob.VersionIdOf(Encoding.ASCII.GetBytes(head)));

    private static EncryptionContext Context(params (string Name, string Value)[] pairs)
    {
        Assert.True(EncryptionContext.TryCreate(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)), out var context));
        return context;
    }

    private byte[] Seal() => CiphertextBlob.DecodeStrict(CiphertextBlob.Seal(handle, KeyId, VersionId, Plaintext, context))!;

    private byte[]? Open(byte[] blob) => CiphertextBlob.Open(handle, KeyId, VersionId, blob, context);
}

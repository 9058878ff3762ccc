using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Software;

namespace KmsGateway.Core.Tests.Crypto;

public sealed class SealingTests : IDisposable
{
    private static readonly MaterialIdentity Identity = new("key", "version", "Aliyun_AES_256", "SOFTWARE", "Aliyun_KMS", 1);

    private readonly KeyMaterial root = KeyMaterial.Random(32);
    private readonly Sealing sealing;

    public SealingTests() => sealing = new Sealing(root);

    public static TheoryData<string> OtherFields => ["KeyId", "VersionId", "Spec", "Level", "Origin", "Epoch"];

    public void Dispose() => sealing.Dispose();

    [Fact]
    public void Load_OwnRecord_GivesAWorkingKey()
    {
        var provider = new SoftwareProvider(sealing);

        using var handle = provider.Load(Identity, provider.GenerateSealed(Identity));

        Assert.Equal(16, Assert.IsAssignableFrom<ISymmetricKey>(handle).Check.Length);
    }

    [Theory]
    [MemberData(nameof(OtherFields))]
    public void Load_RecordOfAnotherIdentity_IsRefused(string field)
    {
        var provider = new SoftwareProvider(sealing);
        var record = provider.GenerateSealed(Identity);
        var other = field switch
        {
            "KeyId" => Identity with { KeyId = "other" },
            "VersionId" => Identity with { VersionId = "other" },
            "Spec" => Identity with { Spec = "Aliyun_SM4" },
            "Level" => Identity with { Level = "HSM" },
            "Origin" => Identity with { Origin = "EXTERNAL" },
            _ => Identity with { Epoch = 2 },
        };

        Assert.Throws<SealedRecordException>(() => provider.Load(other, record));
    }

    [Fact]
    public void Load_EachByteFlipped_IsRefused()
    {
        var provider = new SoftwareProvider(sealing);
        var record = provider.GenerateSealed(Identity);
        for (var index = 0; index < record.Length; index++)
        {
            record[index] ^= 1;
            Assert.Throws<SealedRecordException>(() => provider.Load(Identity, record));
            record[index] ^= 1;
        }
    }

    [Fact]
    public void Load_FingerprintOfOtherMaterial_IsRefused()
    {
        var provider = new SoftwareProvider(sealing);
        var record = sealing.Seal(new byte[64], Identity.AssociatedData(), 1);

        Assert.Throws<SealedRecordException>(() => provider.Load(Identity, record));
    }

    [Fact]
    public void AssociatedData_FieldsMovedIntoEachOther_Differ() => Assert.NotEqual(
        (Identity with { KeyId = "ab", VersionId = "c" }).AssociatedData(),
        (Identity with { KeyId = "a", VersionId = "bc" }).AssociatedData());

    [Fact]
    public void Canary_OtherRoot_DoesNotOpen()
    {
        using var other = KeyMaterial.Random(32);
        var canary = sealing.MakeCanary(1);

        Assert.True(Sealing.OpensCanary(root, canary, 1));
        Assert.False(Sealing.OpensCanary(root, canary, 2));
        Assert.False(Sealing.OpensCanary(other, canary, 1));
    }
}

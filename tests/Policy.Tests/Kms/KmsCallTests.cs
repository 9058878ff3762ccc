using System.Globalization;
using System.Text.Json;
using KmsGateway.Policy.Kms;
using Xunit;

namespace KmsGateway.Policy.Tests.Kms;

public sealed class KmsCallTests
{
    private const string KeyA = "0a1b2c3d-1111-4aaa-8bbb-000000000001";
    private const string KeyB = "0a1b2c3d-2222-4aaa-8bbb-000000000002";
    private const string Version = "aaaaaaaa-0000-4000-8000-000000000001";
    private const string Own = "acs:kms:cn-hangzhou:1234567890123456:";

    [Theory]
    [InlineData("Encrypt", "KeyId", "nokey", "key/nokey", KmsCallFault.KeyNotFound)]
    [InlineData("Encrypt", "KeyId", "alias/nope", "key/alias/nope", KmsCallFault.AliasNotFound)]
    [InlineData("Decrypt", "CiphertextBlob", "AAAA", "key/unresolved", KmsCallFault.InvalidParameter)]
    [InlineData("Decrypt", "CiphertextBlob", "not base64 at all, and long enough to hold a head of 48", "key/unresolved", KmsCallFault.InvalidParameter)]
    [InlineData("DescribeSecret", "SecretName", "db/none", "secret/db/none", KmsCallFault.SecretNotFound)]
    [InlineData("GetCertificate", "CertificateId", KeyA, "certificate/" + KeyA, KmsCallFault.CertificateNotFound)]
    public void Checks_NothingFound_JudgesWhatWasAskedAboutAndKeepsTheError(
        string api, string parameter, string text, string judged, string code)
    {
        var checks = KmsWorld.Empty.Checks(api, (parameter, text));

        Assert.Equal(Own + judged, Assert.Single(checks.Checks).Resource);
        Assert.Equal(new KmsCallFault(code, parameter), checks.Pending);
    }

    [Fact]
    public void Checks_CiphertextOfAnUnknownVersion_IsJudgedOnTheUnresolvedKey()
    {
        var checks = KmsWorld.Empty.Checks("Decrypt", ("CiphertextBlob", KmsWorld.Blob(Version)));

        Assert.Equal(new KmsCallFault(KmsCallFault.InvalidParameter, "CiphertextBlob"), checks.Pending);
        Assert.True(Assert.Single(checks.Checks).IsFromCiphertext);
        Assert.Equal(Own + "key/unresolved", checks.Checks[0].Resource);
    }

    [Theory]
    [InlineData("acs:kms:cn-beijing:1234567890123456:key/" + KeyA)]
    [InlineData("acs:kms:cn-beijing:9876543210987654:key/" + KeyA)]
    public void Checks_ArnOfAnotherRegion_IsJudgedAsWrittenAndNotLookedUp(string arn)
    {
        var (call, _) = KmsWorld.Empty.Read("Encrypt", ("KeyId", arn));

        Assert.Empty(call!.References);
        var checks = call.Checks([]);
        Assert.Equal(arn, Assert.Single(checks.Checks).Resource);
        Assert.Equal(KmsCallFault.KeyNotFound, checks.Pending?.Code);
    }

    [Fact]
    public void References_ForeignKeyArn_AreLookedUpInItsAccount()
    {
        const string arn = "acs:kms:cn-hangzhou:9876543210987654:key/" + KeyA;
        var (call, _) = KmsWorld.Empty.Read("Encrypt", ("KeyId", arn));

        Assert.Equal(new KmsReference(KmsReferenceKind.Key, KeyA, "9876543210987654", "cn-hangzhou"), Assert.Single(call!.References));
        Assert.Equal(arn, Assert.Single(call.Checks([null]).Checks).Resource);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("?")]
    [InlineData("key/0a1b")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("schlüssel")]
    [InlineData("acs:kms:cn-hangzhou:1234567890123456:key/*")]
    [InlineData("acs:kms:cn-hangzhou:1234567890123456:key/a/b")]
    [InlineData("acs:kms:cn-hangzhou:1234567890123456:key")]
    [InlineData("acs:kms:cn-hangzhou:1234567890123456:key/")]
    [InlineData("acs:kms:*:1234567890123456:key/a")]
    [InlineData("acs:kms:cn-hangzhou:*:key/a")]
    [InlineData("acs:kms:cn-hangzhou::key/a")]
    [InlineData("acs:kms::1234567890123456:key/a")]
    [InlineData("acs:ram:cn-hangzhou:1234567890123456:key/a")]
    [InlineData("acs:kms:cn-hangzhou:1234567890123456:alias/app")]
    [InlineData("acs:kms:cn-hangzhou:1234567890123456:secret/app")]
    [InlineData("alias/")]
    [InlineData("alias/a*")]
    [InlineData("alias/a:b")]
    public void TryRead_TextThatIsNoKey_IsRefusedBeforeAnythingIsLookedUp(string text)
    {
        var (call, fault) = KmsWorld.Empty.Read("Encrypt", ("KeyId", text));

        Assert.Null(call);
        Assert.Equal(new KmsCallFault(KmsCallFault.InvalidParameter, "KeyId"), fault);
    }

    [Theory]
    [InlineData("EnableKey", "KeyId")]
    [InlineData("SetDeletionProtection", "KeyId")]
    [InlineData("CreateSecret", "EncryptionKeyId")]
    [InlineData("DescribeKeyVersion", "KeyId")]
    [InlineData("ListKeyVersions", "KeyId")]
    public void TryRead_AliasWhereNoneIsTaken_IsUnsupported(string api, string parameter)
    {
        var (_, fault) = KmsWorld.Empty.Read(api, (parameter, "alias/app"));

        Assert.Equal(new KmsCallFault(KmsCallFault.UnsupportedAlias, parameter), fault);
    }

    [Theory]
    [InlineData("Encrypt", "KeyId")]
    [InlineData("Decrypt", "CiphertextBlob")]
    [InlineData("ReEncrypt", "CiphertextBlob")]
    [InlineData("CreateAlias", "KeyId")]
    [InlineData("DeleteAlias", "AliasName")]
    [InlineData("DescribeSecret", "SecretName")]
    [InlineData("GetCertificate", "CertificateId")]
    [InlineData("TagResource", "KeyId")]
    [InlineData("TagResources", "ResourceType")]
    [InlineData("BatchGetSecretValue", "SecretsList")]
    [InlineData("SetDeletionProtection", "ProtectedResourceArn")]
    public void TryRead_NothingGiven_NamesTheMissingParameter(string api, string parameter)
    {
        var (_, fault) = KmsWorld.Empty.Read(api);

        Assert.Equal(new KmsCallFault(KmsCallFault.MissingParameter, parameter), fault);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void TryRead_KeyIdLength_EndsAt64(int length, bool isTaken) =>
        Assert.Equal(isTaken, KmsWorld.Empty.Read("EnableKey", ("KeyId", new string('a', length))).Fault is null);

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void TryRead_AliasLength_EndsAt255AfterItsPrefix(int length, bool isTaken) =>
        Assert.Equal(isTaken, KmsWorld.Empty.Read("DeleteAlias", ("AliasName", "alias/" + new string('a', length))).Fault is null);

    [Theory]
    [InlineData(192, true)]
    [InlineData(193, false)]
    public void TryRead_SecretNameLength_EndsAt192(int length, bool isTaken) =>
        Assert.Equal(isTaken, KmsWorld.Empty.Read("DescribeSecret", ("SecretName", new string('a', length))).Fault is null);

    [Fact]
    public void Checks_UpdateAlias_LooksEachThingUpOnceAndSharesTheAliasForItsGeneration()
    {
        var (call, _) = KmsWorld.Empty.Read("UpdateAlias", ("AliasName", "alias/app"), ("KeyId", KeyB));

        Assert.Equal([KmsReferenceKind.Alias, KmsReferenceKind.Key], call!.References.Select(reference => reference.Kind));
        Assert.Equal([0, 1, 0], call.Checks([null, null]).Checks.Select(check => check.Reference));
    }

    [Fact]
    public void Checks_CreateAlias_LooksTheAliasUpForItsGenerationOnly()
    {
        var world = new KmsWorld("1234567890123456", "cn-hangzhou");
        world.Key(KeyB);
        var (call, _) = world.Read("CreateAlias", ("AliasName", "alias/app"), ("KeyId", KeyB));

        Assert.Equal([KmsReferenceKind.Key, KmsReferenceKind.Alias], call!.References.Select(reference => reference.Kind));
        var checks = call.Checks([new KmsFinding(Own + "key/" + KeyB, new Dictionary<string, string>()), null]);
        Assert.Equal([0, 1], checks.Checks.Select(check => check.Reference));
        Assert.Null(checks.Pending);
    }

    [Theory]
    [InlineData(KeyA)]
    [InlineData(Own + "key/" + KeyA)]
    public void Checks_SetDeletionProtection_TakesTheKeyByItsIdToo(string keyId)
    {
        var world = new KmsWorld("1234567890123456", "cn-hangzhou");
        world.Key(KeyA);

        var alone = world.Checks("SetDeletionProtection", ("KeyId", keyId));
        var both = world.Checks("SetDeletionProtection", ("KeyId", keyId), ("ProtectedResourceArn", Own + "key/" + KeyA));

        Assert.Equal(Own + "key/" + KeyA, Assert.Single(alone.Checks).Resource);
        Assert.Equal(Own + "key/" + KeyA, Assert.Single(both.Checks).Resource);
        Assert.Null(alone.Pending ?? both.Pending);
    }

    [Fact]
    public void TryRead_SetDeletionProtectionOfTwoKeys_IsRefused()
    {
        var (_, fault) = KmsWorld.Empty.Read("SetDeletionProtection", ("KeyId", KeyB), ("ProtectedResourceArn", Own + "key/" + KeyA));

        Assert.Equal(new KmsCallFault(KmsCallFault.InvalidParameter, "KeyId"), fault);
    }

    [Fact]
    public void TryRead_ProtectedResourceArnThatIsABareId_IsRefused() =>
        Assert.Equal(
            new KmsCallFault(KmsCallFault.InvalidParameter, "ProtectedResourceArn"),
            KmsWorld.Empty.Read("SetDeletionProtection", ("ProtectedResourceArn", KeyA)).Fault);

    [Fact]
    public void Checks_SetDeletionProtectionOfAForeignKey_IsNotFoundWithoutALookUp()
    {
        const string arn = "acs:kms:cn-hangzhou:9876543210987654:key/" + KeyA;
        var (call, _) = KmsWorld.Empty.Read("SetDeletionProtection", ("ProtectedResourceArn", arn));

        Assert.Empty(call!.References);
        Assert.Equal(arn, Assert.Single(call.Checks([]).Checks).Resource);
        Assert.Equal(KmsCallFault.KeyNotFound, call.Checks([]).Pending?.Code);
    }

    [Fact]
    public void Checks_ReEncryptWithASourceKey_JudgesThatKeyAndReadsNoHead()
    {
        var world = new KmsWorld("1234567890123456", "cn-hangzhou");
        world.Alias("alias/source", world.Key(KeyA));
        world.Key(KeyB);

        var checks = world.Checks("ReEncrypt", ("CiphertextBlob", "AAAA"), ("SourceKeyId", "alias/source"), ("DestinationKeyId", KeyB));

        Assert.Equal(["kms:ReEncryptFrom", "kms:ReEncryptTo"], checks.Checks.Select(check => check.Action));
        Assert.Equal([Own + "key/" + KeyA, Own + "key/" + KeyB], checks.Checks.Select(check => check.Resource));
        Assert.All(checks.Checks, check => Assert.False(check.IsFromCiphertext));
        Assert.Null(checks.Pending);
    }

    [Fact]
    public void TryRead_TwoKindsOfResource_AreRefused()
    {
        var (_, fault) = KmsWorld.Empty.Read("TagResource", ("KeyId", KeyA), ("SecretName", "db/main"));

        Assert.Equal(new KmsCallFault(KmsCallFault.InvalidParameter, "SecretName"), fault);
    }

    [Fact]
    public void Checks_ListTagResourcesOfNoneInParticular_JudgesTheContainer()
    {
        Assert.Equal(Own + "key", Assert.Single(KmsWorld.Empty.Checks("ListTagResources", ("ResourceType", "key")).Checks).Resource);
        Assert.Equal(Own + "secret", Assert.Single(KmsWorld.Empty.Checks("ListTagResources", ("ResourceType", "secret")).Checks).Resource);
    }

    [Fact]
    public void TryRead_TagResourcesOfNone_NamesTheMissingParameter() =>
        Assert.Equal(
            new KmsCallFault(KmsCallFault.MissingParameter, "ResourceId"),
            KmsWorld.Empty.Read("TagResources", ("ResourceType", "key")).Fault);

    [Theory]
    [InlineData("Key")]
    [InlineData("alias")]
    public void TryRead_ResourceTypeThatIsNone_IsRefused(string type) =>
        Assert.Equal(
            new KmsCallFault(KmsCallFault.InvalidParameter, "ResourceType"),
            KmsWorld.Empty.Read("TagResources", ("ResourceType", type)).Fault);

    [Fact]
    public void Checks_TagResources_JudgesEachResource()
    {
        var world = new KmsWorld("1234567890123456", "cn-hangzhou");
        world.Key(KeyA);

        var checks = world.Checks("TagResources", ("ResourceType", "key"), ("ResourceId.1", KeyA), ("ResourceId.2", KeyB));

        Assert.Equal([Own + "key/" + KeyA, Own + "key/" + KeyB], checks.Checks.Select(check => check.Resource));
        Assert.Equal(new KmsCallFault(KmsCallFault.ResourceIdNotFound, "ResourceId"), checks.Pending);
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void TryRead_ResourceIds_EndAt50(int count, bool isTaken)
    {
        (string, string)[] ids =
        [
            ("ResourceType", "key"),
            .. Enumerable.Range(1, count).Select(n => (string.Create(CultureInfo.InvariantCulture, $"ResourceId.{n}"), KeyA)),
        ];

        Assert.Equal(isTaken, KmsWorld.Empty.Read("TagResources", ids).Fault is null);
    }

    [Fact]
    public void Checks_BatchGetSecretValue_JudgesEachSecretAndThenItsKey()
    {
        var world = new KmsWorld("1234567890123456", "cn-hangzhou");
        world.Secret("a", world.Key(KeyA, new Dictionary<string, string>(StringComparer.Ordinal) { ["Env"] = "prod" }));
        world.Secret("b");

        var checks = world.Checks("BatchGetSecretValue", ("SecretsList", """[{"SecretName":"a"},{"SecretName":"b"}]"""));

        Assert.Equal([Own + "secret/a", Own + "secret/b", Own + "key/" + KeyA], checks.Checks.Select(check => check.Resource));
        Assert.Equal("kms:tag/Env", Assert.Single(checks.Checks[2].Context.Entries).Key);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    [InlineData(0, false)]
    public void TryRead_SecretsList_HoldsOneToTwenty(int count, bool isTaken)
    {
        var list = JsonSerializer.Serialize(Enumerable.Repeat(new { SecretName = "a" }, count));

        Assert.Equal(isTaken, KmsWorld.Empty.Read("BatchGetSecretValue", ("SecretsList", list)).Fault is null);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"SecretName":1}]""")]
    [InlineData("""[{"SecretName":"a*"}]""")]
    [InlineData("""[{"SecretName":"a","SecretName":"b"}]""")]
    [InlineData("""[{"SecretName":"\ud800"}]""")]
    public void TryRead_SecretsListThatIsNone_IsRefused(string text) =>
        Assert.Equal(
            new KmsCallFault(KmsCallFault.InvalidParameter, "SecretsList"),
            KmsWorld.Empty.Read("BatchGetSecretValue", ("SecretsList", text)).Fault);

    [Fact]
    public void VersionIdOf_HeadOf48Characters_IsRead()
    {
        var blob = KmsWorld.Blob(Version);

        Assert.Equal(Version, KmsCallSyntax.VersionIdOf(blob));
        Assert.Equal(Version, KmsCallSyntax.VersionIdOf(blob[..48]));
        Assert.Equal(Version, KmsCallSyntax.VersionIdOf(blob[..48] + "***"));
        Assert.Null(KmsCallSyntax.VersionIdOf(blob[..47]));
    }

    [Fact]
    public void VersionIdOf_HeadThatIsNoVersionId_IsNone()
    {
        Assert.Null(KmsCallSyntax.VersionIdOf(""));
        Assert.Null(KmsCallSyntax.VersionIdOf(new string('A', 48)));
        Assert.Null(KmsCallSyntax.VersionIdOf(new string('/', 48)));
        Assert.Null(KmsCallSyntax.VersionIdOf(KmsWorld.Blob(Version.Replace('-', '*'))));
        Assert.Null(KmsCallSyntax.VersionIdOf(" " + KmsWorld.Blob(Version)));
        Assert.Null(KmsCallSyntax.VersionIdOf(KmsWorld.Blob(Version)[..40] + "    " + KmsWorld.Blob(Version)[44..]));
    }

    [Fact]
    public void Checks_WrongNumberOfAnswers_IsAProgrammingError()
    {
        var (call, _) = KmsWorld.Empty.Read("Encrypt", ("KeyId", KeyA));

        Assert.Throws<ArgumentException>(() => call!.Checks([]));
    }
}

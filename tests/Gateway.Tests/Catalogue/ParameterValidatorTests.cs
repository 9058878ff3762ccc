using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Catalogue;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

public sealed class ParameterValidatorTests
{
    private const string KeyId = Samples.KeyId;

    public static TheoryData<string, string> Required()
    {
        var data = new TheoryData<string, string>();
        foreach (var action in KmsComparison.Published.Select(KmsComparison.NameOf))
        {
            foreach (var parameter in RequiredOf(action))
            {
                data.Add(action, KmsComparison.NameOf(parameter));
            }
        }

        return data;
    }

    public static TheoryData<string> KmsActions() => [.. KmsComparison.Published.Select(KmsComparison.NameOf)];

    public static TheoryData<string, string, string> RamRequired()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (name, operation) in RamComparison.Published)
        {
            foreach (var parameter in operation.GetProperty("request").EnumerateObject().Where(pair => pair.Value.GetProperty("required").GetBoolean()))
            {
                data.Add(operation.GetProperty("version").GetString()!, name, parameter.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(KmsActions))]
    public void Validate_EveryRequiredParameterGiven_IsTaken(string action)
    {
        var given = RequiredOf(action).SelectMany(Samples.Valid).ToList();
        if (action == "SetDeletionProtection")
        {
            given.Add(("KeyId", KeyId)); // one of two is needed
        }

        var values = Parameters.Validate(Parameters.Kms(action), given);

        Assert.NotNull(values);
        ParameterValidator.ValidatePresence(Parameters.Kms(action), Parameters.Of(given));
    }

    [Theory]
    [MemberData(nameof(Required))]
    public void Validate_OneRequiredParameterMissing_NamesIt(string action, string missing)
    {
        var given = RequiredOf(action).Where(parameter => KmsComparison.NameOf(parameter) != missing).SelectMany(Samples.Valid).ToList();

        Assert.Equal($"MissingParameter {missing}", Parameters.Refusal(Parameters.Kms(action), given));
        var refusal = Assert.Throws<KmsException>(() => ParameterValidator.ValidatePresence(Parameters.Kms(action), Parameters.Of(given)));
        Assert.Equal($"The parameter \"{missing}\" is needed but not provided.", refusal.Message);
        Assert.Equal(400, refusal.Error.HttpStatus);
    }

    [Theory]
    [MemberData(nameof(Required))]
    public void Validate_OneRequiredParameterEmpty_CountsAsMissing(string action, string empty)
    {
        var given = RequiredOf(action).Where(parameter => KmsComparison.NameOf(parameter) != empty).SelectMany(Samples.Valid).Append((empty, ""));
        if (action == "UpdateKeyDescription" && empty == "Description")
        {
            Assert.Equal("", Parameters.Validate(Parameters.Kms(action), given).String("Description"));
            return;
        }

        Assert.Equal($"MissingParameter {empty}", Parameters.Refusal(Parameters.Kms(action), given));
    }

    [Theory]
    [MemberData(nameof(RamRequired))]
    public void Validate_RamParameterMissing_HasACodeOfItsOwn(string version, string action, string missing)
    {
        var entry = Parameters.Find(version, action);
        var others = entry.Parameters.Where(spec => spec.IsRequired && spec.Name != missing).Select(spec => (spec.Name, RamValue(spec.Name)));

        var refusal = Assert.Throws<KmsException>(() => Parameters.Validate(entry, others));

        Assert.Equal($"Missing{missing}", refusal.Error.Code);
        Assert.Equal(400, refusal.Error.HttpStatus);
        Assert.Equal($"{missing} is mandatory for this action.", refusal.Message);
    }

    [Fact]
    public void Validate_UnknownParameter_IsIgnored()
    {
        var values = Parameters.Validate(
            Parameters.Kms("EnableKey"), ("KeyId", KeyId), ("RegionId", "cn-hangzhou"), ("SignatureType", ""), ("keyid", "x"), ("Nonsense", "1"));

        Assert.Equal($$"""{"KeyId":"{{KeyId}}"}""", Json(values));
    }

    [Fact]
    public void Validate_NothingOptionalGiven_FillsInTheDefaults() =>
        Assert.Equal(
            """{"EnableAutomaticRotation":false,"KeySpec":"Aliyun_AES_256","KeyStorageMechanism":"HsmInternal","KeyUsage":"ENCRYPT/DECRYPT","Origin":"Aliyun_KMS","ProtectionLevel":"SOFTWARE"}""",
            Json(Parameters.Validate(Parameters.Kms("CreateKey"))));

    [Theory]
    [InlineData("EC_P256", "SIGN/VERIFY")]
    [InlineData("EC_P256K", "SIGN/VERIFY")]
    [InlineData("RSA_2048", "ENCRYPT/DECRYPT")]
    [InlineData("EC_SM2", "ENCRYPT/DECRYPT")]
    public void Validate_KeyUsageAbsent_FollowsTheKeySpec(string keySpec, string usage) =>
        Assert.Equal(usage, Parameters.Validate(Parameters.Kms("CreateKey"), ("KeySpec", keySpec)).String("KeyUsage"));

    [Theory]
    [InlineData("True", true)]
    [InlineData("FALSE", false)]
    public void Validate_BooleanInAnyCase_BecomesABoolean(string text, bool expected) =>
        Assert.Equal(expected, Parameters.Validate(Parameters.Kms("CreateKey"), ("EnableAutomaticRotation", text), ("RotationInterval", "7d")).Boolean("EnableAutomaticRotation"));

    [Fact]
    public void Validate_RotationSwitchedOnWithoutAnInterval_NamesTheInterval()
    {
        Assert.Equal("InvalidParameter RotationInterval", Parameters.Refusal(Parameters.Kms("CreateKey"), ("EnableAutomaticRotation", "true")));
        Assert.Equal(
            "InvalidParameter RotationInterval",
            Parameters.Refusal(Parameters.Kms("UpdateRotationPolicy"), ("KeyId", KeyId), ("EnableAutomaticRotation", "True")));
    }

    [Fact]
    public void Validate_RotationSwitchedOff_IgnoresTheInterval()
    {
        var values = Parameters.Validate(
            Parameters.Kms("UpdateRotationPolicy"), ("KeyId", KeyId), ("EnableAutomaticRotation", "false"), ("RotationInterval", "1 fortnight"));

        Assert.Null(values.OptionalString("RotationInterval"));
    }

    [Theory]
    [InlineData("GenerateDataKey")]
    [InlineData("GenerateDataKeyWithoutPlaintext")]
    public void Validate_NumberOfBytesWithAKeySpec_Wins(string action)
    {
        var entry = Parameters.Kms(action);
        var values = Parameters.Validate(entry, ("KeyId", KeyId), ("KeySpec", "SM4_128"), ("NumberOfBytes", "16"));

        Assert.Null(values.OptionalString("KeySpec"));
        Assert.Equal(16, values.Integer("NumberOfBytes"));
        Assert.Equal("AES_256", Parameters.Validate(entry, ("KeyId", KeyId)).String("KeySpec"));
        Assert.Equal("InvalidParameter KeySpec", Parameters.Refusal(entry, ("KeyId", KeyId), ("KeySpec", "SM4_128")));
        Assert.Equal("InvalidParameter KeySpec", Parameters.Refusal(entry, ("KeyId", KeyId), ("KeySpec", "AES_512"), ("NumberOfBytes", "16")));
    }

    [Theory]
    [InlineData("CreateKey", "DKMSInstanceId", "kst-1", "Forbidden.DKMSInstanceNotFound DKMSInstanceId")]
    [InlineData("CreateKey", "KeyStorageMechanism", "HsmEncryptedDatabase", "InvalidParameter KeyStorageMechanism")]
    [InlineData("Decrypt", "Recipient", "x", "InvalidParameter Recipient")]
    [InlineData("GenerateDataKey", "Recipient", "x", "InvalidParameter Recipient")]
    [InlineData("CreateSecret", "DKMSInstanceId", "kst-1", "Forbidden.DKMSInstanceNotFound DKMSInstanceId")]
    [InlineData("CreateSecret", "Policy", """{"Version":"1"}""", "InvalidParameter Policy")]
    [InlineData("SetDeletionProtection", "KmsInstanceId", "kst-1", "Forbidden.DKMSInstanceNotFound KmsInstanceId")]
    public void Validate_WhatThisServiceDoesNotDo_IsRefusedNotIgnored(string action, string parameter, string value, string refusal)
    {
        var given = RequiredOf(action).SelectMany(Samples.Valid).Append(("KeyId", KeyId)).DistinctBy(pair => pair.Item1).ToList();

        Assert.Equal(refusal, Parameters.Refusal(Parameters.Kms(action), given.Append((parameter, value))));
        Assert.NotNull(Parameters.Validate(Parameters.Kms(action), given.Append((parameter, ""))));
    }

    [Fact]
    public void Validate_DryRun_IsTakenWhereverItIsPublished()
    {
        var actions = KmsComparison.Published
            .Where(action => action.GetProperty("request").EnumerateArray().Any(parameter => KmsComparison.NameOf(parameter) == "DryRun"))
            .Select(KmsComparison.NameOf).ToList();

        Assert.Equal(15, actions.Count);
        foreach (var action in actions)
        {
            var given = RequiredOf(action).SelectMany(Samples.Valid).ToList();
            Assert.Equal("InvalidParameter DryRun", Parameters.Refusal(Parameters.Kms(action), given.Append(("DryRun", "maybe"))));
            Assert.True(Parameters.Validate(Parameters.Kms(action), given.Append(("DryRun", "True"))).Boolean("DryRun"));
            Assert.False(Parameters.Validate(Parameters.Kms(action), given.Append(("DryRun", "false"))).Boolean("DryRun"));
        }
    }

    [Theory]
    [InlineData("AttachPolicyToUser")]
    [InlineData("DetachPolicyFromRole")]
    public void Validate_ResourceGroup_IsRefused(string action)
    {
        var entry = Parameters.Ram(action);
        var given = entry.Parameters.Where(spec => spec.IsRequired).Select(spec => (spec.Name, RamValue(spec.Name))).ToList();

        Assert.Equal("InvalidParameter.ResourceGroupId ResourceGroupId", Parameters.Refusal(entry, given.Append(("ResourceGroupId", "rg-1"))));
        Assert.NotNull(Parameters.Validate(entry, given.Append(("ResourceGroupId", ""))));
    }

    [Fact]
    public void Validate_PlaintextLimit_IsInBytesOfUtf8()
    {
        var entry = Parameters.Kms("Encrypt");
        var longest = new string('ü', 4096);

        Assert.Equal(longest, Parameters.Validate(entry, ("KeyId", KeyId), ("Plaintext", longest)).String("Plaintext"));
        Assert.Equal("InvalidParameter Plaintext", Parameters.Refusal(entry, ("KeyId", KeyId), ("Plaintext", longest + "a")));
    }

    [Fact]
    public void Validate_AliasWhereNoneIsTaken_IsUnsupported() =>
        Assert.Equal("Unsupported.Alias KeyId", Parameters.Refusal(Parameters.Kms("EnableKey"), ("KeyId", "alias/app")));

    [Fact]
    public void ValidateReferences_LooksAtNothingElse()
    {
        var values = ParameterValidator.ValidateReferences(
            Parameters.Kms("ScheduleKeyDeletion"), Parameters.Of(("KeyId", KeyId), ("PendingWindowInDays", "never")));

        Assert.Equal($$"""{"KeyId":"{{KeyId}}"}""", Json(values));
    }

    [Fact]
    public void ValidateReferences_OfACiphertext_ChecksItsPresenceOnly()
    {
        var entry = Parameters.Kms("Decrypt");

        Assert.Equal("not base64", ParameterValidator.ValidateReferences(entry, Parameters.Of(("CiphertextBlob", "not base64"))).String("CiphertextBlob"));
        Assert.Equal("InvalidParameter CiphertextBlob", Parameters.Refusal(entry, ("CiphertextBlob", "not base64")));
        Assert.Equal(
            "MissingParameter CiphertextBlob",
            Parameters.Text(Assert.Throws<KmsException>(() => ParameterValidator.ValidateReferences(entry, Parameters.Of()))));
    }

    [Theory]
    [InlineData("ResourceId.1=a", true)]
    [InlineData("ResourceId.1=a&ResourceId.2=b", true)]
    [InlineData("ResourceId.2=a", false)]
    [InlineData("ResourceId.1=a&ResourceId.3=b", false)]
    [InlineData("ResourceId.0=a&ResourceId.1=b", false)]
    [InlineData("ResourceId.1=a&ResourceId.02=b", false)]
    [InlineData("ResourceId.1=a&ResourceId.2=", false)]
    [InlineData("ResourceId.1=a&ResourceId.99999999999999999999=b", false)]
    public void ValidateReferences_NumbersOfAList_RunFrom1WithoutAGap(string query, bool isTaken)
    {
        var parameters = Parameters.Of(query.Split('&').Select(pair => (pair.Split('=')[0], pair.Split('=')[1])).Append(("ResourceType", "key")));
        var entry = Parameters.Kms("UntagResources");
        if (!isTaken)
        {
            var refusal = Assert.Throws<KmsException>(() => ParameterValidator.ValidateReferences(entry, parameters));
            Assert.Equal("InvalidParameter ResourceId", Parameters.Text(refusal));
            return;
        }

        Assert.NotNull(ParameterValidator.ValidateReferences(entry, parameters).Structure("ResourceId"));
    }

    private static IEnumerable<JsonElement> RequiredOf(string action) => KmsComparison.Published
        .Single(row => KmsComparison.NameOf(row) == action).GetProperty("request").EnumerateArray()
        .Where(parameter => parameter.GetProperty("required").GetBoolean());

    private static string RamValue(string name) => name switch
    {
        "PolicyType" => "Custom",
        "Status" => "Active",
        "VersionId" => "v1",
        "RoleArn" => "acs:ram::1234567890123456:role/ci",
        "OIDCProviderArn" => "acs:ram::1234567890123456:oidc-provider/idp",
        _ => "name",
    };

    private static string Json(ActionParameters values)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            values.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}

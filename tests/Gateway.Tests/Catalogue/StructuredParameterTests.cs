using KmsGateway.Gateway.Catalogue;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>Parameters that hold JSON, or are spread over several names.</summary>
public sealed class StructuredParameterTests
{
    private static readonly (string, string)[] Encrypt = [("KeyId", Samples.KeyId), ("Plaintext", "x")];

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData(" { } ")]
    public void EncryptionContext_OfNothing_IsNoContext(string text) =>
        Assert.Null(Parameters.Validate(Parameters.Kms("Encrypt"), [.. Encrypt, ("EncryptionContext", text)]).Structure("EncryptionContext"));

    [Theory]
    [InlineData("[]")]
    [InlineData("\"a\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":true}")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"a\":{}}")]
    [InlineData("{\"a\":[\"b\"]}")]
    [InlineData("{\"a\":\"b\",\"a\":\"c\"}")]
    [InlineData("{\"a\":\"b\",\"\\u0061\":\"c\"}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":\"a\"}")]
    [InlineData("{\"a\":\"b\",}")]
    [InlineData("{\"a\":\"b\"}//c")]
    [InlineData("{a:\"b\"}")]
    [InlineData("{'a':'b'}")]
    [InlineData("{\"a\":\"b\"")]
    [InlineData("{\"a\":\"b\"}{}")]
    public void EncryptionContext_OtherThanAMapOfStrings_IsRefused(string text) =>
        Assert.Equal("InvalidParameter EncryptionContext", Parameters.Refusal(Parameters.Kms("Encrypt"), [.. Encrypt, ("EncryptionContext", text)]));

    [Fact]
    public void EncryptionContext_WithARawLoneSurrogate_IsRefused() =>
        Assert.Equal("InvalidParameter EncryptionContext", Parameters.Refusal(Parameters.Kms("Encrypt"), [.. Encrypt, ("EncryptionContext", "{\"a\":\"\ud800\"}")]));

    [Fact]
    public void EncryptionContext_Flattened_IsTheSameMap()
    {
        var flattened = Parameters.Validate(
            Parameters.Kms("Encrypt"),
            [
                .. Encrypt,
                ("EncryptionContext.1.Key", "tenant"), ("EncryptionContext.1.Value", "ü"),
                ("EncryptionContext.2.Key", "b"), ("EncryptionContext.2.Value", ""),
            ]).Structure("EncryptionContext");

        Assert.Equal(
            [("tenant", "ü"), ("b", "")],
            flattened!.Value.EnumerateObject().Select(member => (member.Name, member.Value.GetString()!)));
    }

    [Theory]
    [InlineData("EncryptionContext.1.Key=a")]
    [InlineData("EncryptionContext.1.Value=a")]
    [InlineData("EncryptionContext.2.Key=a&EncryptionContext.2.Value=b")]
    [InlineData("EncryptionContext.1.Key=a&EncryptionContext.1.Value=b&EncryptionContext.2.Key=a&EncryptionContext.2.Value=c")]
    [InlineData("EncryptionContext={\"a\":\"b\"}&EncryptionContext.1.Key=a&EncryptionContext.1.Value=b")]
    public void EncryptionContext_FlattenedWithAFlaw_IsRefused(string query) =>
        Assert.Equal("InvalidParameter EncryptionContext", Parameters.Refusal(Parameters.Kms("Encrypt"), [.. Encrypt, .. Pairs(query)]));

    [Fact]
    public void EncryptionContext_FlattenedLimit_IsThatOfItsJsonText()
    {
        // {"a":""} takes 8 of the 8192 characters
        var longest = new string('x', 8184);
        static (string, string)[] Context(string value) => [.. Encrypt, ("EncryptionContext.1.Key", "a"), ("EncryptionContext.1.Value", value)];

        Assert.NotNull(Parameters.Validate(Parameters.Kms("Encrypt"), Context(longest)).Structure("EncryptionContext"));
        Assert.Equal("InvalidParameter EncryptionContext", Parameters.Refusal(Parameters.Kms("Encrypt"), Context(longest + "x")));
    }

    [Theory]
    [InlineData("""[{"TagKey":"Project","TagValue":"Apollo"}]""", true)]
    [InlineData("""[{"TagKey":"Project","TagValue":""}]""", true)]
    [InlineData("""[{"TagKey":"a/\\_-.+=:@","TagValue":"b/\\_-.+=:@"}]""", true)]
    [InlineData("""[{"TagKey":"","TagValue":"b"}]""", false)]
    [InlineData("""[{"TagKey":"aliyun-x","TagValue":"b"}]""", false)]
    [InlineData("""[{"TagKey":"Aliyun","TagValue":"b"}]""", false)]
    [InlineData("""[{"TagKey":"acs:x","TagValue":"b"}]""", false)]
    [InlineData("""[{"TagKey":"acsx","TagValue":"b"}]""", true)]
    [InlineData("""[{"TagKey":"a b","TagValue":"b"}]""", false)]
    [InlineData("""[{"TagKey":"a","TagValue":"*"}]""", false)]
    [InlineData("""[{"TagKey":"a","TagValue":"b"},{"TagKey":"a","TagValue":"c"}]""", false)]
    [InlineData("""[{"TagKey":"a","TagValue":"b"},{"TagKey":"A","TagValue":"c"}]""", true)]
    [InlineData("""[{"TagKey":"a"}]""", false)]
    [InlineData("""[{"TagKey":"a","TagValue":1}]""", false)]
    [InlineData("""[{"TagKey":"a","TagValue":"b","More":"c"}]""", false)]
    [InlineData("""{"TagKey":"a","TagValue":"b"}""", false)]
    [InlineData("[]", false)]
    [InlineData("[1]", false)]
    public void Tags_AreAnArrayOfPairs(string text, bool isTaken) => Taken("TagResource", "Tags", text, isTaken);

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Tags_KeyAndValue_EndAt128(int length, bool isTaken)
    {
        var longest = new string('a', length);

        Taken("TagResource", "Tags", $$"""[{"TagKey":"{{longest}}","TagValue":"v"}]""", isTaken);
        Taken("TagResource", "Tags", $$"""[{"TagKey":"k","TagValue":"{{longest}}"}]""", isTaken);
        Taken("UntagResource", "TagKeys", $"""["{longest}"]""", isTaken);
    }

    [Theory]
    [InlineData("""["a","b"]""", true)]
    [InlineData("""["a","a"]""", false)]
    [InlineData("""[""]""", false)]
    [InlineData("""[1]""", false)]
    [InlineData("[]", false)]
    [InlineData("\"a\"", false)]
    public void TagKeys_AreAnArrayOfNames(string text, bool isTaken) => Taken("UntagResource", "TagKeys", text, isTaken);

    [Theory]
    [InlineData("Tag.1.Key=a&Tag.1.Value=b", "")]
    [InlineData("Tag.1.Key=a", "")]
    [InlineData("Tag=[{\"Key\":\"a\",\"Value\":\"b\"}]", "")]
    [InlineData("Tag.1.Key=a b&Tag.1.Value=b", "InvalidParameter.TagKey Tag")]
    [InlineData("Tag.1.Value=b", "InvalidParameter.TagKey Tag")]
    [InlineData("Tag.1.Key=a&Tag.1.Value=b*", "InvalidParameter.TagValue Tag")]
    [InlineData("Tag.1.Key=a&Tag.1.Value=b&Tag.2.Key=a&Tag.2.Value=c", "Duplicate.TagKey Tag")]
    [InlineData("Tag.1.Key=a&Tag.1.Value=b&Tag=[{\"Key\":\"c\",\"Value\":\"d\"}]", "InvalidParameter Tag")]
    [InlineData("Tag={}", "InvalidParameter Tag")]
    [InlineData("Tag=[]", "MissingParameter Tag")]
    public void Tag_OfTheListFamily_IsPairsOrOneJsonText(string query, string refusal)
    {
        (string, string)[] given = [("RegionId", "cn-hangzhou"), ("ResourceType", "key"), ("ResourceId.1", Samples.KeyId), .. Pairs(query)];
        var entry = Parameters.Kms("TagResources");
        if (refusal.Length > 0)
        {
            Assert.Equal(refusal, Parameters.Refusal(entry, given));
            return;
        }

        Assert.Equal("a", Parameters.Validate(entry, given).Structure("Tag")!.Value[0].GetProperty("Key").GetString());
    }

    [Theory]
    [InlineData("Tag=[{\"Key\":\"k 1\",\"Value\":\"v\"}]", "")] // ram-sts-api.md, common rules
    [InlineData("Tag.1.Key=k 1&Tag.1.Value=v", "")]
    [InlineData("Tag.1.Key=k\n1&Tag.1.Value=v", "InvalidParameter.Tag Tag")]
    [InlineData("Tag.1.Key=acs:k&Tag.1.Value=v", "InvalidParameter.Tag Tag")]
    [InlineData("Tag.1.Key=k&Tag.1.Value=v&Tag.2.Key=k&Tag.2.Value=w", "InvalidParameter.Tag Tag")]
    public void Tag_OfRam_ComesInBothSpellings(string query, string refusal)
    {
        (string, string)[] given = [("PolicyName", "p"), ("PolicyDocument", "{}"), .. Pairs(query)];
        if (refusal.Length > 0)
        {
            Assert.Equal(refusal, Parameters.Refusal(Parameters.Ram("CreatePolicy"), given));
            return;
        }

        Assert.Equal("""[{"Key":"k 1","Value":"v"}]""", Parameters.Validate(Parameters.Ram("CreatePolicy"), given).Structure("Tag")!.Value.GetRawText());
    }

    [Theory]
    [InlineData("""[{"Key":"KeyState","Values":["Enabled"]}]""", """[{"Key":"KeyState","Values":["Enabled"]}]""")]
    [InlineData(
        """[{"Key":"KeyState","Values":["Enabled"]},{"Key":"KeySpec","Values":[]},{"Key":"KeyState","Values":["Enabled","Disabled"]}]""",
        """[{"Key":"KeyState","Values":["Enabled","Disabled"]},{"Key":"KeySpec","Values":[]}]""")]
    public void Filters_OfTheSameKey_AreMerged(string text, string merged) =>
        Assert.Equal(merged, Parameters.Validate(Parameters.Kms("ListKeys"), ("Filters", text)).Structure("Filters")!.Value.GetRawText());

    [Theory]
    [InlineData("""[{"Key":"Colour","Values":["red"]}]""")]
    [InlineData("""[{"Key":"keystate","Values":["Enabled"]}]""")]
    [InlineData("""[{"Key":"KeyState"}]""")]
    [InlineData("""[{"Key":"KeyState","Values":"Enabled"}]""")]
    [InlineData("""[{"Key":"KeyState","Values":[1]}]""")]
    [InlineData("""[{"Key":"KeyState","Values":[],"Not":true}]""")]
    [InlineData("""{"Key":"KeyState","Values":[]}""")]
    [InlineData("[]")]
    public void Filters_OfAnotherShape_AreRefused(string text) =>
        Assert.Equal("InvalidParameter Filters", Parameters.Refusal(Parameters.Kms("ListKeys"), ("Filters", text)));

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Filters_ValuesOfOneKey_EndAt10(int count, bool isTaken) =>
        Taken("ListKeys", "Filters", $$"""[{"Key":"KeyState","Values":[{{string.Join(',', Enumerable.Repeat("\"x\"", count))}}]}]""", isTaken);

    [Theory]
    [InlineData("""["A","B"]""", """["A","B"]""")]
    [InlineData("""{"VersionStage":["A"]}""", """["A"]""")]
    public void VersionStages_ComeInBothSpellings(string text, string expected)
    {
        var values = Parameters.Validate(
            Parameters.Kms("PutSecretValue"), ("SecretName", "s"), ("SecretData", "d"), ("VersionId", "v"), ("VersionStages", text));

        Assert.Equal(expected, values.Structure("VersionStages")!.Value.GetRawText());
    }

    private static void Taken(string action, string parameter, string text, bool isTaken)
    {
        var spec = Parameters.Kms(action).Parameter(parameter)!;

        Assert.Equal(isTaken, spec.Type.Read(Parameters.Of((parameter, text)), spec).Fault == ParameterFault.None);
    }

    private static IEnumerable<(string, string)> Pairs(string query) =>
        query.Split('&').Select(pair => (pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
}

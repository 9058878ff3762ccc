using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>
/// ListKeys with each filter, alone and combined: five keys, named by a letter. a AES, disabled, tag team=red; b SM4, tags team=blue and
/// stage=red, alias/one and alias/two; c HMAC; d imported, alias/three; s the key of a product.
/// </summary>
public sealed class KeyFilterTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private TestCore core = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        var a = await CreateAsync("a", new JsonObject { ["Tags"] = TagsOf(("team", "red")) });
        (await core.OnKeyAsync("DisableKey", a)).ShouldBeOk();
        var b = await CreateAsync("b", new JsonObject { ["KeySpec"] = "Aliyun_SM4", ["Tags"] = TagsOf(("team", "blue"), ("stage", "red")) });
        await core.CreateAliasAsync("alias/one", b);
        await core.CreateAliasAsync("alias/two", b);
        _ = await CreateAsync("c", new JsonObject { ["KeySpec"] = "HMAC_SHA_256" });
        var d = await CreateAsync("d", new JsonObject { ["Origin"] = "EXTERNAL" });
        await core.CreateAliasAsync("alias/three", d);
        names[await core.ServiceKeyAsync("ram")] = "s";
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Theory]
    [InlineData("KeyState=Disabled", "a")]
    [InlineData("KeyState=PendingImport", "d")]
    [InlineData("KeyState=Enabled", "bcs")]
    [InlineData("KeySpec=Aliyun_SM4", "b")]
    [InlineData("KeySpec=Aliyun_SM4,HMAC_SHA_256", "bc")]
    [InlineData("KeyUsage=GENERATE/VERIFY_MAC", "c")]
    [InlineData("KeyUsage=ENCRYPT/DECRYPT", "abds")]
    [InlineData("ProtectionLevel=HSM", "")]
    [InlineData("ProtectionLevel=SOFTWARE,HSM", "abcds")]
    [InlineData("CreatorType=User", "abcd")]
    [InlineData("CreatorType=Service", "s")]
    [InlineData("Creator=RAM", "s")]
    [InlineData("Creator=1000000000000001", "abcd")]
    [InlineData("Creator=2000000000000002", "")]
    [InlineData("AliasName=alias/one", "b")]
    [InlineData("AliasName=alias/one,alias/two,alias/three", "bd")]
    [InlineData("AliasName=one", "")]
    [InlineData("AliasName=alias/acs/ram", "s")]
    [InlineData("TagKey=team", "ab")]
    [InlineData("TagKey=Team", "")]
    [InlineData("TagValue=red", "ab")]
    [InlineData("TagKey=team TagValue=red", "a")]
    [InlineData("TagKey=stage TagValue=red", "b")]
    [InlineData("TagKey=stage TagValue=blue", "")]
    [InlineData("TagKey=team TagValue=red,blue KeySpec=Aliyun_SM4", "b")]
    [InlineData("TagKey=team KeyState=Disabled CreatorType=User AliasName=alias/one", "")]
    [InlineData("DKMSInstanceId=kst-1", "")]
    [InlineData("DKMSInstanceId= KeySpec=Aliyun_SM4", "b")]
    [InlineData("KeySpec=Aliyun_SM4 KeySpec=HMAC_SHA_256", "bc")]
    public async Task ListKeys_Filtered_FindsThese(string filters, string found) => Assert.Equal(found, await ListAsync(filters));

    [Theory]
    [InlineData("KeyId")]
    [InlineData("keyId")]
    public async Task ListKeys_ByKeyId_InEitherSpelling(string name)
    {
        var (b, d) = (IdOf("b"), IdOf("d"));

        Assert.Equal("bd", await ListAsync($"{name}={b},{d},00000000-0000-4000-8000-000000000000"));
        Assert.Equal("d", await ListAsync($"KeyId={b} keyId={d} KeyState=PendingImport"));
    }

    [Theory]
    [InlineData("TagValue=' OR '1'='1")]
    [InlineData("AliasName=x') OR (1=1")]
    [InlineData("KeyId=%")]
    public async Task ListKeys_ByWhatLooksLikeSql_FindsNothing(string filter)
    {
        var (name, value) = (filter[..filter.IndexOf('=', StringComparison.Ordinal)], filter[(filter.IndexOf('=', StringComparison.Ordinal) + 1)..]);

        Assert.Equal("", await ListAsync(new JsonArray(Filter(name, value))));
    }

    [Fact]
    public async Task ListKeys_ByAllFiltersAtOnce_AtTheLimitOfTenAndOnePastIt()
    {
        string[] all = ["KeyState", "KeySpec", "KeyUsage", "ProtectionLevel", "CreatorType", "KeyId", "AliasName", "Creator", "TagKey", "TagValue", "DKMSInstanceId"];

        Assert.Equal("abcds", await ListAsync(new JsonArray([.. all[..10].Select(name => (JsonNode)Filter(name))])));
        (await core.SendAsync("ListKeys", new JsonObject { ["Filters"] = new JsonArray([.. all.Select(name => (JsonNode)Filter(name))]) }, TestCore.KeyBox))
            .ShouldBe(400, "InvalidParameter", "Filters");
    }

    private static JsonObject Filter(string name, params string[] values) =>
        new JsonObject { ["Key"] = name, ["Values"] = new JsonArray([.. values.Select(value => (JsonNode)value)]) };

    private static JsonArray TagsOf(params (string Key, string Value)[] tags) =>
        new([.. tags.Select(tag => (JsonNode)new JsonObject { ["TagKey"] = tag.Key, ["TagValue"] = tag.Value })]);

    private string IdOf(string name) => names.Single(pair => pair.Value == name).Key;

    private async Task<string> CreateAsync(string name, JsonObject body)
    {
        core.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var keyId = await core.CreateKeyAsync(body);
        names[keyId] = name;
        return keyId;
    }

    private Task<string> ListAsync(string filters) => ListAsync(new JsonArray([.. filters.Split(' ').Select(JsonNode (filter) =>
    {
        var parts = filter.Split('=', 2);
        return Filter(parts[0], parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries));
    })]));

    /// <summary>The names of the keys found, in the order of the alphabet.</summary>
    private async Task<string> ListAsync(JsonArray filters)
    {
        var answer = await core.SendAsync("ListKeys", new JsonObject { ["Filters"] = filters, ["PageSize"] = 100 }, TestCore.KeyBox);
        answer.ShouldBeOk();
        var found = answer.Json["Keys"]!["Key"]!.AsArray().Select(key => names[(string)key!["KeyId"]!]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(found.Length, (int)answer.Json["TotalCount"]!);
        return string.Concat(found);
    }
}

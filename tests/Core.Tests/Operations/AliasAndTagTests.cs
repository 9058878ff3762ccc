using System.Net;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Tests.Operations;

public sealed class AliasAndTagTests : IAsyncLifetime
{
    private TestCore core = null!;
    private string keyId = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync(new CoreQuotas { AliasesPerRegion = 3 });
        keyId = await core.CreateKeyAsync();
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Theory]
    [InlineData("alias/", false)]
    [InlineData("app", false)]
    [InlineData("Alias/app", false)]
    [InlineData("alias/a b", false)]
    [InlineData("alias/ä", false)]
    [InlineData("alias/a*", false)]
    [InlineData("alias/acs", false)]
    [InlineData("alias/acs/ram", false)]
    [InlineData("alias/acsx", false)]
    [InlineData("alias/a", true)]
    [InlineData("alias/A-z_0/9", true)]
    public async Task CreateAlias_Name_IsTakenOrNamed(string name, bool isTaken) => await CreateNamedAsync(name, isTaken);

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task CreateAlias_NameAtTheLimit_IsTakenAndOneMoreIsNot(int length, bool isTaken) =>
        await CreateNamedAsync("alias/" + new string('a', length), isTaken);

    [Fact]
    public async Task CreateAlias_AtTheQuota_IsRefusedAndServiceAliasesDoNotCount()
    {
        _ = await core.ServiceKeyAsync("ram");
        foreach (var name in (string[])["alias/1", "alias/2", "alias/3"])
        {
            await core.CreateAliasAsync(name, keyId);
        }

        (await CreateAsync("alias/4")).ShouldBe(400, "Rejected.LimitExceeded");
    }

    [Fact]
    public async Task Aliases_TwoAccounts_AreApart()
    {
        await core.CreateAliasAsync("alias/app", keyId);

        Assert.Null((await core.ResolveAsync(TestCore.Question("alias", "alias/App"))).Json["items"]![0]!["descriptor"]);
        Assert.NotNull((await core.ResolveAsync(TestCore.Question("alias", "alias/app"))).Json["items"]![0]!["descriptor"]);
    }

    [Fact]
    public async Task ListAliases_Answer_HasTheDocumentedShape()
    {
        await core.CreateAliasAsync("alias/app", keyId);
        var expected = $$$"""{"PageNumber":1,"PageSize":10,"TotalCount":1,"Aliases":{"Alias":[{"KeyId":"{{{keyId}}}","AliasName":"alias/app","AliasArn":"{{{TestCore.AliasArn("alias/app")}}}"}]}}""";

        Assert.Equal(expected, (await core.SendAsync("ListAliases", [], TestCore.AliasBox)).Text);
        Assert.Equal(expected, (await core.OnKeyAsync("ListAliasesByKeyId", keyId)).Text);
        Assert.Equal(
            """{"PageNumber":1,"PageSize":10,"TotalCount":0,"Aliases":{"Alias":[]}}""",
            (await core.OnKeyAsync("ListAliasesByKeyId", await core.CreateKeyAsync())).Text);
    }

    [Fact]
    public async Task UpdateAlias_SameKey_SucceedsAndKeepsTheGeneration()
    {
        await core.CreateAliasAsync("alias/app", keyId);
        var before = await core.KeyBehindAsync("alias/app");

        (await core.SendAsync(
            "UpdateAlias", new JsonObject { ["AliasName"] = "alias/app", ["KeyId"] = keyId },
            before, await core.KeyAsync(keyId), await core.AliasAsync("alias/app"))).ShouldBeOk();

        Assert.Equal(before, await core.KeyBehindAsync("alias/app"));
    }

    [Theory]
    [InlineData("UpdateAlias")]
    [InlineData("DeleteAlias")]
    public async Task Alias_Unknown_IsNotFound(string action)
    {
        var literal = new TicketResource(TestCore.KeyArn("alias/none"), 0, 0);
        var alias = new TicketResource(TestCore.AliasArn("alias/none"), 0, 0);
        TicketResource[] resources = action == "UpdateAlias" ? [literal, await core.KeyAsync(keyId), alias] : [literal, alias];

        (await core.SendAsync(action, new JsonObject { ["AliasName"] = "alias/none", ["KeyId"] = keyId }, resources))
            .ShouldBe(404, "Forbidden.AliasNotFound");
    }

    [Fact]
    public async Task DeleteAlias_LeavesTheKeyAlone()
    {
        await core.CreateAliasAsync("alias/app", keyId);

        (await core.SendAsync(
            "DeleteAlias", new JsonObject { ["AliasName"] = "alias/app" },
            await core.KeyBehindAsync("alias/app"), await core.AliasAsync("alias/app"))).ShouldBeOk();

        (await core.OnKeyAsync("DescribeKey", keyId)).ShouldBeOk();
        Assert.Null((await core.ResolveAsync(TestCore.Question("alias", "alias/app"))).Json["items"]![0]!["descriptor"]);
    }

    [Fact]
    public async Task TagResource_SameKeyAgain_Overwrites()
    {
        (await TagAsync(("Project", "Apollo"), ("Env", ""))).ShouldBeOk();
        (await TagAsync(("Project", "Gemini"))).ShouldBeOk();

        Assert.Equal(
            $$$"""{"Tags":{"Tag":[{"KeyId":"{{{keyId}}}","TagKey":"Env","TagValue":""},{"KeyId":"{{{keyId}}}","TagKey":"Project","TagValue":"Gemini"}]}}""",
            (await core.OnKeyAsync("ListResourceTags", keyId)).Text);
    }

    [Fact]
    public async Task TagResource_AtTheQuota_IsTakenAndOneMoreIsNot()
    {
        (await TagAsync([.. Enumerable.Range(0, 10).Select(index => ($"k{index}", "v"))])).ShouldBeOk();

        (await TagAsync(("k10", "v"))).ShouldBe(400, "Rejected.LimitExceeded");
        (await TagAsync(("k9", "w"))).ShouldBeOk();
        (await TagAsync([.. Enumerable.Range(0, 11).Select(index => ($"k{index}", "v"))])).ShouldBe(400, "InvalidParameter", "Tags");
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("aliyun-x", "v")]
    [InlineData("ALIYUN", "v")]
    [InlineData("acs:x", "v")]
    [InlineData("a b", "v")]
    [InlineData("a", "b c")]
    [InlineData("a", "é")]
    public async Task TagResource_BadTag_IsRefused(string key, string value) =>
        (await TagAsync((key, value))).ShouldBe(400, "InvalidParameter", "Tags");

    [Theory]
    [InlineData(128, 128, true)]
    [InlineData(129, 1, false)]
    [InlineData(1, 129, false)]
    public async Task TagResource_LengthAtTheLimit_IsTakenAndOneMoreIsNot(int keyLength, int valueLength, bool isTaken)
    {
        var answer = await TagAsync((new string('k', keyLength), new string('v', valueLength)));

        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
    }

    [Theory]
    [InlineData("""{}""", "MissingParameter", "Tags")]
    [InlineData("""{"Tags":[]}""", "MissingParameter", "Tags")]
    [InlineData("""{"Tags":["a"]}""", "InvalidParameter", "Tags")]
    [InlineData("""{"Tags":[{"TagKey":"a"}]}""", "InvalidParameter", "Tags")]
    [InlineData("""{"Tags":[{"TagKey":"a","TagValue":1}]}""", "InvalidParameter", "Tags")]
    [InlineData("""{"Tags":[{"TagKey":"a","TagValue":"1"},{"TagKey":"a","TagValue":"2"}]}""", "InvalidParameter", "Tags")]
    public async Task TagResource_BadShape_IsRefused(string parameters, string code, string parameter) =>
        (await core.OnKeyAsync("TagResource", keyId, JsonNode.Parse(parameters)!.AsObject())).ShouldBe(400, code, parameter);

    [Theory]
    [InlineData("""{}""", "MissingParameter")]
    [InlineData("""{"TagKeys":[]}""", "MissingParameter")]
    [InlineData("""{"TagKeys":[1]}""", "InvalidParameter")]
    [InlineData("""{"TagKeys":[""]}""", "InvalidParameter")]
    public async Task UntagResource_BadShape_IsRefused(string parameters, string code) =>
        (await core.OnKeyAsync("UntagResource", keyId, JsonNode.Parse(parameters)!.AsObject())).ShouldBe(400, code, "TagKeys");

    [Fact]
    public async Task UntagResource_PresentAndAbsent_TakesOffWhatIsThere()
    {
        (await TagAsync(("a", "1"), ("b", "2"))).ShouldBeOk();

        (await core.OnKeyAsync("UntagResource", keyId, new JsonObject { ["TagKeys"] = new JsonArray("a", "none") })).ShouldBeOk();

        Assert.Equal(["b"], (await core.OnKeyAsync("ListResourceTags", keyId)).Json["Tags"]!["Tag"]!.AsArray().Select(tag => (string)tag!["TagKey"]!));
    }

    [Theory]
    [InlineData("""{"SecretName":"db/main"}""", "secret/db/main", 404, "Forbidden.ResourceNotFound", null)]
    [InlineData("""{"CertificateId":"12345678-aaaa"}""", "certificate/12345678-aaaa", 404, "Certificate.NotFound", null)]
    [InlineData("""{"SecretName":"a b"}""", "x", 400, "InvalidParameter", "SecretName")]
    [InlineData("""{"SecretName":"a","KeyId":"b"}""", "x", 400, "InvalidParameter", "KeyId")]
    [InlineData("""{}""", "x", 400, "MissingParameter", "KeyId")]
    public async Task TagResource_NamesExactlyOneResource(string parameters, string relativeId, int status, string code, string? parameter) =>
        (await core.SendAsync(
            "TagResource", JsonNode.Parse(parameters)!.AsObject(),
            new TicketResource($"acs:kms:{TestCore.Region}:{TestCore.Account}:{relativeId}", 0, 0))).ShouldBe(status, code, parameter);

    private async Task CreateNamedAsync(string name, bool isTaken)
    {
        var answer = await CreateAsync(name);

        Assert.Equal(isTaken ? (200, null) : (400, "AliasName"), ((int)answer.Status, answer.Parameter));
    }

    private async Task<CoreAnswer> CreateAsync(string name) => await core.SendAsync(
        "CreateAlias", new JsonObject { ["AliasName"] = name, ["KeyId"] = keyId },
        await core.KeyAsync(keyId), new TicketResource(TestCore.AliasArn(name), 0, 0));

    private Task<CoreAnswer> TagAsync(params (string Key, string Value)[] tags) => core.OnKeyAsync("TagResource", keyId, new JsonObject
    {
        ["Tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["TagKey"] = tag.Key, ["TagValue"] = tag.Value })]),
    });
}

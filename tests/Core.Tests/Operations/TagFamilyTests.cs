using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>TagResources, UntagResources, ListTagResources (kms-api.md section 11).</summary>
public sealed class TagFamilyTests : IAsyncLifetime
{
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync();

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task TagResources_OnSeveralKeys_TagsEachAndMovesItsVersion()
    {
        var (one, two) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        var before = await core.KeyAsync(one);

        (await TagAsync([one, TestCore.KeyArn(two), one], ("Project", "Apollo"), ("project", "other"))).ShouldBeOk();

        Assert.Equal([("Project", "Apollo"), ("project", "other")], await TagsAsync(one));
        Assert.Equal([("Project", "Apollo"), ("project", "other")], await TagsAsync(two));
        Assert.Equal(before.MetadataVersion + 1, (await core.KeyAsync(one)).MetadataVersion);
    }

    [Fact]
    public async Task TagResources_WhenOneKeyIsFull_TagsNone()
    {
        var (one, full) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        (await TagAsync([full], [.. Enumerable.Range(0, 10).Select(n => ($"t{n}", "x"))])).ShouldBeOk();

        (await TagAsync([one, full], ("eleventh", "x"))).ShouldBe(400, "Rejected.LimitExceeded");
        (await TagAsync([full], ("t0", "y"))).ShouldBeOk();

        Assert.Empty(await TagsAsync(one));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public async Task TagResources_TagsOfOneRequest_AreAtMostTwenty(int count, bool isTaken)
    {
        await core.StopCoreAsync();
        await core.StartCoreAsync(new CoreQuotas { TagsPerResource = 20 });
        var keyId = await core.CreateKeyAsync();

        var answer = await TagAsync([keyId], [.. Enumerable.Range(0, count).Select(n => ($"t{n}", "x"))]);

        Assert.Equal(isTaken ? null : "Tag", answer.Parameter);
    }

    [Fact]
    public async Task TagResources_UnknownKeyOrSecret_IsNotFound()
    {
        var keyId = await core.CreateKeyAsync();
        var nowhere = Guid.NewGuid().ToString();

        (await SendAsync("TagResources", Body("key", [keyId, nowhere], ("a", "b")), await core.KeyAsync(keyId), new TicketResource(TestCore.KeyArn(nowhere), 0, 0)))
            .ShouldBe(404, "InvalidResourceId.NotFound");
        (await SendAsync("TagResources", Body("secret", ["db/password"], ("a", "b")), new TicketResource($"acs:kms:{TestCore.Region}:{TestCore.Account}:secret/db/password", 0, 0)))
            .ShouldBe(404, "InvalidResourceId.NotFound");
        Assert.Empty(await TagsAsync(keyId));
    }

    [Fact]
    public async Task TagResources_BadInput_NamesTheParameter()
    {
        var keyId = await core.CreateKeyAsync();
        var key = await core.KeyAsync(keyId);

        (await SendAsync("TagResources", Body("bucket", [keyId], ("a", "b")), key)).ShouldBe(400, "InvalidParameter", "ResourceType");
        (await SendAsync("TagResources", Body("key", [], ("a", "b")))).ShouldBe(400, "MissingParameter", "ResourceId");
        (await SendAsync("TagResources", Body("key", ["alias/app"], ("a", "b")), key)).ShouldBe(400, "Unsupported.Alias");
        (await SendAsync("TagResources", Body("key", [.. Enumerable.Repeat(keyId, 51)], ("a", "b")), key)).ShouldBe(400, "InvalidParameter", "ResourceId");
        (await SendAsync("TagResources", Body("key", [keyId]), key)).ShouldBe(400, "MissingParameter", "Tag");
        (await TagAsync([keyId], ("acs:x", "b"))).ShouldBe(400, "InvalidParameter", "Tag");
        (await TagAsync([keyId], ("Aliyun", "b"))).ShouldBe(400, "InvalidParameter", "Tag");
        (await TagAsync([keyId], ("a", new string('v', 129)))).ShouldBe(400, "InvalidParameter", "Tag");
        (await TagAsync([keyId], ("a", "1"), ("a", "2"))).ShouldBe(400, "InvalidParameter", "Tag");
    }

    [Fact]
    public async Task UntagResources_NamedOrAll_TakesThemOff()
    {
        var (one, two) = (await core.CreateKeyAsync(), await core.CreateKeyAsync());
        (await TagAsync([one, two], ("a", "1"), ("b", "2"), ("c", "3"))).ShouldBeOk();

        (await UntagAsync([one, two], new JsonObject { ["TagKey"] = new JsonArray("a", "never-there"), ["All"] = true })).ShouldBeOk();
        Assert.Equal([("b", "2"), ("c", "3")], await TagsAsync(one));
        (await UntagAsync([one], new JsonObject { ["All"] = true })).ShouldBeOk();
        Assert.Empty(await TagsAsync(one));
        Assert.Equal(2, (await TagsAsync(two)).Length);
        (await UntagAsync([two], new JsonObject { ["All"] = false })).ShouldBe(400, "MissingParameter", "TagKey");
    }

    [Fact]
    public async Task ListTagResources_ByIdByTagByBoth_Selects()
    {
        var (one, two, three) = (await core.CreateKeyAsync(), await core.CreateKeyAsync(), await core.CreateKeyAsync());
        (await TagAsync([one], ("Project", "Apollo"), ("Stage", "prod"))).ShouldBeOk();
        (await TagAsync([two], ("Project", "Apollo"), ("Stage", "test"))).ShouldBeOk();
        (await TagAsync([three], ("Project", "Gemini"))).ShouldBeOk();

        Assert.Equal(2, (await ListAsync([one])).Length);
        Assert.Equal(5, (await ListAsync([])).Length);
        Assert.Equal(4, (await ListAsync([], ("Project", "Apollo"))).Count(row => row.KeyId == one || row.KeyId == two));
        Assert.All(await ListAsync([], ("Project", "Apollo"), ("Stage", "prod")), row => Assert.Equal(one, row.KeyId));
        Assert.Empty(await ListAsync([two], ("Stage", "prod")));
        Assert.Equal(3, (await ListAsync([], ("Project", ""))).Select(row => row.KeyId).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(await ListAsync([], ("project", "Apollo")));
    }

    [Fact]
    public async Task ListTagResources_Pages_OfTwoHundred()
    {
        var all = new List<(string KeyId, string TagKey)>();
        for (var index = 0; index < 21; index++)
        {
            var keyId = await core.CreateKeyAsync();
            (await TagAsync([keyId], [.. Enumerable.Range(0, 10).Select(n => ($"t/{n}", "x"))])).ShouldBeOk();
            all.AddRange(Enumerable.Range(0, 10).Select(n => (keyId, $"t/{n}")));
        }

        var first = await SendAsync("ListTagResources", Body("key", []), TestCore.KeyBox);
        var second = await SendAsync("ListTagResources", With(Body("key", []), "NextToken", (string)first.Json["NextToken"]!), TestCore.KeyBox);

        Assert.Equal((200, 10, null), (Rows(first).Length, Rows(second).Length, second.Json["NextToken"]));
        Assert.Equal(
            all.Order(),
            Rows(first).Concat(Rows(second)).Select(row => (row.KeyId, row.TagKey)));
        (await SendAsync("ListTagResources", With(Body("key", []), "NextToken", "?"), TestCore.KeyBox)).ShouldBe(400, "InvalidParameter", "NextToken");
    }

    [Fact]
    public async Task ListTagResources_OfSecrets_IsEmptyAndCheckedOnTheirContainer() => Assert.Equal(
        """{"TagResources":{"TagResource":[]}}""",
        (await SendAsync("ListTagResources", Body("secret", []), new TicketResource($"acs:kms:{TestCore.Region}:{TestCore.Account}:secret", 0, 0))).Text);

    private static (string KeyId, string TagKey, string TagValue)[] Rows(CoreAnswer answer)
    {
        answer.ShouldBeOk();
        return [.. answer.Json["TagResources"]!["TagResource"]!.AsArray().Select(row =>
            ((string)row!["ResourceId"]!, (string)row["TagKey"]!, (string)row["TagValue"]!))];
    }

    private static JsonObject With(JsonObject body, string name, string value)
    {
        body[name] = value;
        return body;
    }

    private static JsonObject Body(string type, string[] ids, params (string Key, string Value)[] tags) => new()
    {
        ["RegionId"] = TestCore.Region,
        ["ResourceType"] = type,
        ["ResourceId"] = ids.Length == 0 ? null : new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
        ["Tag"] = tags.Length == 0 ? null : new JsonArray([.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]),
    };

    private Task<CoreAnswer> SendAsync(string action, JsonObject body, params TicketResource[] resources) => core.SendAsync(action, body, resources);

    private async Task<TicketResource[]> ResourcesAsync(string[] ids)
    {
        var resources = new List<TicketResource>();
        foreach (var id in ids)
        {
            resources.Add(await core.KeyAsync(id[(id.LastIndexOf('/') + 1)..]));
        }

        return [.. resources];
    }

    private async Task<CoreAnswer> TagAsync(string[] ids, params (string Key, string Value)[] tags) =>
        await SendAsync("TagResources", Body("key", ids, tags), await ResourcesAsync(ids));

    private async Task<CoreAnswer> UntagAsync(string[] ids, JsonObject more)
    {
        var body = Body("key", ids);
        foreach (var (name, value) in more)
        {
            body[name] = value!.DeepClone();
        }

        return await SendAsync("UntagResources", body, await ResourcesAsync(ids));
    }

    private async Task<(string KeyId, string TagKey, string TagValue)[]> ListAsync(string[] ids, params (string Key, string Value)[] tags) =>
        Rows(await SendAsync("ListTagResources", Body("key", ids, tags), ids.Length == 0 ? [TestCore.KeyBox] : await ResourcesAsync(ids)));

    private async Task<(string TagKey, string TagValue)[]> TagsAsync(string keyId) => [.. (await ListAsync([keyId])).Select(row => (row.TagKey, row.TagValue))];
}

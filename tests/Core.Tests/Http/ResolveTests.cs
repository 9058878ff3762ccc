using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Http;

public sealed class ResolveTests : IAsyncLifetime
{
    private TestCore core = null!;
    private string keyId = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        keyId = await core.CreateKeyAsync(new JsonObject
        {
            ["Tags"] = new JsonArray(new JsonObject { ["TagKey"] = "Project", ["TagValue"] = "Apollo" }),
        });
        await core.CreateAliasAsync("alias/app", keyId);
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task Resolve_Answer_HasTheAgreedShape()
    {
        var answer = await core.ResolveAsync(
            TestCore.Question("key", keyId), TestCore.Question("alias", "alias/app"), TestCore.Question("key", "none"));

        Assert.Equal(
            $$$"""{"items":[{"descriptor":{"keyArn":"{{{TestCore.KeyArn(keyId)}}}","state":"Enabled","tags":{"Project":"Apollo"},"metadataVersion":1}},{"descriptor":{"keyArn":"{{{TestCore.KeyArn(keyId)}}}","state":"Enabled","tags":{"Project":"Apollo"},"metadataVersion":1,"aliasGeneration":1}},{}]}""",
            answer.Text);
    }

    [Fact]
    public async Task Resolve_CiphertextHead_LeadsToItsKey()
    {
        var blob = await core.EncryptAsync(keyId, "text");

        Assert.Equal(TestCore.KeyArn(keyId), (await core.CiphertextResourceAsync(blob)).Arn);
    }

    [Theory]
    [InlineData("key", "alias/app")]
    [InlineData("alias", "app")]
    [InlineData("alias", "alias/APP")]
    [InlineData("ciphertextHead", "00000000-0000-0000-0000-000000000000")]
    [InlineData("secret", "any")]
    [InlineData("certificate", "any")]
    public async Task Resolve_WhatIsNotThere_HasNoDescriptor(string kind, string text) =>
        Assert.Equal("""{"items":[{}]}""", (await core.ResolveAsync(TestCore.Question(kind, text))).Text);

    [Fact]
    public async Task Resolve_InAnotherRegion_HasNoDescriptor() =>
        Assert.Equal("""{"items":[{}]}""", (await core.ResolveAsync(TestCore.Question("key", keyId, region: "cn-beijing"))).Text);

    [Fact]
    public async Task Resolve_ByAnotherAccount_HasNoDescriptor()
    {
        var blob = await core.EncryptAsync(keyId, "text");
        var token = core.Tickets.Mint(TestTickets.Claims(core.Clock.GetUtcNow(), TestCore.OtherAccount, "acs:ram::2000000000000002:root", Ticket.ResolveAction, []));
        var head = System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(blob)[..36]);
        var body = new JsonObject
        {
            ["items"] = new JsonArray(
                TestCore.Question("key", keyId, TestCore.OtherAccount),
                TestCore.Question("alias", "alias/app", TestCore.OtherAccount),
                TestCore.Question("ciphertextHead", head, TestCore.OtherAccount)),
        };

        Assert.Equal("""{"items":[{},{},{}]}""", (await core.PostAsync(InternalRoutes.Resolve, body.ToJsonString(), token)).Text);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task Resolve_QuestionsAtTheLimit_AreTakenAndOneMoreIsNot(int count, bool isTaken)
    {
        var answer = await core.ResolveAsync([.. Enumerable.Range(0, count).Select(_ => TestCore.Question("key", keyId))]);

        Assert.Equal(isTaken ? (200, null) : (400, "Items"), ((int)answer.Status, answer.Parameter));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"items":null}""")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":[{}]}""")]
    [InlineData("""{"items":[{"kind":"none","account":"1000000000000001","region":"r","text":"t"}]}""")]
    [InlineData("""{"items":[{"kind":1,"account":"1000000000000001","region":"r","text":"t"}]}""")]
    [InlineData("""{"items":[{"kind":"key","account":"1000000000000001","region":"r"}]}""")]
    public async Task Resolve_BadQuestions_NameTheItems(string body) =>
        (await core.PostAsync(InternalRoutes.Resolve, body, core.Tickets.Mint(core.Claims(Ticket.ResolveAction, TestCore.User))))
            .ShouldBe(400, "InvalidParameter", "Items");
}

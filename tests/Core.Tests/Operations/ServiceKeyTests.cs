using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Tests.Operations;

/// <summary>Keys that a product owns in an account (audit-and-service-keys.md part B).</summary>
public sealed class ServiceKeyTests : IAsyncLifetime
{
    private const string Alias = "alias/acs/ram";

    private static readonly string Product = Ticket.ServiceSubject(TestCore.Account, "ram");

    private TestCore core = null!;
    private string keyId = null!;

    public async Task InitializeAsync()
    {
        core = await TestCore.StartAsync();
        keyId = await core.ServiceKeyAsync("ram");
    }

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task EnsureServiceKey_Again_AnswersTheSameKey()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => core.ServiceKeyAsync("ram")));

        Assert.All(keys, key => Assert.Equal(keyId, key));
        Assert.NotEqual(keyId, await core.ServiceKeyAsync("oss"));
    }

    [Fact]
    public async Task EnsureServiceKey_Answer_HasExactlyTheAgreedMembers()
    {
        var token = core.Tickets.Mint(core.Claims(Ticket.EnsureServiceKeyAction, Product));

        var answer = await core.SendWithAsync("EnsureServiceKey", new JsonObject { ["Product"] = "ram" }, token);

        Assert.Equal($$"""{"KeyId":"{{keyId}}","KeyArn":"{{TestCore.KeyArn(keyId)}}","MetadataVersion":1}""", answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("RAM")]
    [InlineData("a/b")]
    [InlineData("1a")]
    public async Task EnsureServiceKey_BadProduct_NamesTheParameter(string product)
    {
        var token = core.Tickets.Mint(core.Claims(Ticket.EnsureServiceKeyAction, Product));

        var answer = await core.SendWithAsync("EnsureServiceKey", new JsonObject { ["Product"] = product }, token);

        Assert.Equal((400, "Product"), ((int)answer.Status, answer.Parameter));
    }

    [Fact]
    public async Task ServiceKey_Descriptor_NamesItsProduct()
    {
        var descriptor = (await core.ResolveAsync(TestCore.Question("alias", Alias))).Json["items"]![0]!["descriptor"]!;
        var metadata = (await core.OnKeyAsync("DescribeKey", keyId)).Json["KeyMetadata"]!;

        Assert.Equal("ram", (string)descriptor["managedBy"]!);
        Assert.Equal("RAM", (string)metadata["Creator"]!);
    }

    [Theory]
    [InlineData("EnableKey")]
    [InlineData("DisableKey")]
    [InlineData("ScheduleKeyDeletion")]
    [InlineData("CancelKeyDeletion")]
    [InlineData("UpdateKeyDescription")]
    [InlineData("TagResource")]
    [InlineData("UntagResource")]
    public async Task ServiceKey_Changed_IsRefusedToEveryone(string action)
    {
        foreach (var subject in (string[])[TestCore.User, Product, $"acs:ram::{TestCore.Account}:root"])
        {
            (await core.SendAsAsync(subject, action, new JsonObject { ["KeyId"] = keyId }, await core.KeyAsync(keyId)))
                .ShouldBe(400, "Rejected.UnsupportedOperation");
        }
    }

    [Fact]
    public async Task ServiceKey_AliasChanges_AreRefused()
    {
        var own = await core.CreateKeyAsync();
        await core.CreateAliasAsync("alias/own", own);

        (await core.SendAsync(
            "DeleteAlias", new JsonObject { ["AliasName"] = Alias }, await core.KeyBehindAsync(Alias), await core.AliasAsync(Alias)))
            .ShouldBe(400, "Rejected.UnsupportedOperation");
        (await core.SendAsync(
            "UpdateAlias", new JsonObject { ["AliasName"] = Alias, ["KeyId"] = own },
            await core.KeyBehindAsync(Alias), await core.KeyAsync(own), await core.AliasAsync(Alias)))
            .ShouldBe(400, "Rejected.UnsupportedOperation");
        (await core.SendAsync(
            "UpdateAlias", new JsonObject { ["AliasName"] = "alias/own", ["KeyId"] = keyId },
            await core.KeyBehindAsync("alias/own"), await core.KeyAsync(keyId), await core.AliasAsync("alias/own")))
            .ShouldBe(400, "Rejected.UnsupportedOperation");
        (await core.SendAsync(
            "CreateAlias", new JsonObject { ["AliasName"] = "alias/mine", ["KeyId"] = keyId },
            await core.KeyAsync(keyId), new TicketResource(TestCore.AliasArn("alias/mine"), 0, 0)))
            .ShouldBe(400, "Rejected.UnsupportedOperation");
    }

    [Fact]
    public async Task ServiceKey_UsedByItsProduct_Works()
    {
        var resource = await core.KeyAsync(keyId);
        var answer = await core.SendAsAsync(Product, "GenerateDataKey", new JsonObject { ["KeyId"] = keyId }, resource);
        answer.ShouldBeOk();

        var opened = await core.DecryptAsync((string)answer.Json["CiphertextBlob"]!, subject: Product);

        Assert.Equal((string)answer.Json["Plaintext"]!, (string)opened.Json["Plaintext"]!);
    }

    [Theory]
    [InlineData("acs:ram::1000000000000001:root")]
    [InlineData("acs:ram::1000000000000001:service/oss")]
    [InlineData("acs:ram::2000000000000002:service/ram")]
    [InlineData("acs:ram::1000000000000001:service/RAM")]
    public async Task ServiceKey_UsedBySomebodyElse_IsRefused(string subject)
    {
        var resource = await core.KeyAsync(keyId);
        var blob = (string)(await core.SendAsAsync(Product, "GenerateDataKey", new JsonObject { ["KeyId"] = keyId }, resource)).Json["CiphertextBlob"]!;

        var encrypted = await core.SendAsAsync(subject, "Encrypt", new JsonObject { ["KeyId"] = keyId, ["Plaintext"] = "x" }, resource);
        var decrypted = await core.DecryptAsync(blob, subject: subject);

        encrypted.ShouldBe(403, "Forbidden.NoPermission");
        Assert.Contains(keyId, encrypted.Text, StringComparison.Ordinal);
        decrypted.ShouldBe(403, "Forbidden.NoPermission");
        Assert.DoesNotContain(keyId, decrypted.Text, StringComparison.Ordinal);
    }
}

using System.Text;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class AccessKeyActionsTests : RamActionsFixture
{
    [Fact]
    public async Task CreateAccessKey_User_AnswersTheSecretOnceAndTheKeyOpens()
    {
        var alice = await Ram.CreateUserAsync("alice");
        var answer = (await Ram.CallAsync("CreateAccessKey", ("UserName", "alice")))["AccessKey"]!.AsObject();

        Assert.Equal(["AccessKeyId", "AccessKeySecret", "CreateDate", "Status"], answer.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Matches("^LTAI[A-Za-z0-9]{20}$", (string)answer["AccessKeyId"]!);
        Assert.Matches("^[A-Za-z0-9]{30}$", (string)answer["AccessKeySecret"]!);
        Assert.Equal(("Active", "2026-01-23T12:33:18Z"), ((string)answer["Status"]!, (string)answer["CreateDate"]!));

        var key = await Ram.FindKeyAsync((string)answer["AccessKeyId"]!);
        Assert.True(key!.IsActive);
        Assert.Equal(alice, key.Owner);
        Assert.Null(key.Session);
        Assert.True(key.Secret.FixedTimeEquals(Encoding.UTF8.GetBytes((string)answer["AccessKeySecret"]!)));
    }

    [Fact]
    public async Task CreateAccessKey_ManyKeys_NeverRepeatIdOrSecret()
    {
        using var large = await RamTestStore.CreateAsync(new RamQuotas { AccessKeysPerUser = 200 });
        await large.CreateUserAsync("alice");
        var keys = new List<(string Id, string Secret)>();
        for (var number = 0; number < 200; number++)
        {
            keys.Add(await large.CreateKeyAsync("alice"));
        }

        Assert.Equal(400, keys.SelectMany(key => new[] { key.Id, key.Secret }).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task CreateAccessKey_ThirdKeyEvenIfOneIsInactive_AnswersLimitExceeded()
    {
        await Ram.CreateUserAsync("alice");
        var first = await Ram.CreateKeyAsync("alice");
        await Ram.CreateKeyAsync("alice");
        await Ram.CallAsync("UpdateAccessKey", ("UserName", "alice"), ("UserAccessKeyId", first.Id), ("Status", "Inactive"));

        Assert.Equal(("LimitExceeded.User.AccessKey", 409), await Ram.RefusalAsync("CreateAccessKey", ("UserName", "alice")));
    }

    [Fact]
    public async Task ListAccessKeys_Two_AnswersBothWithoutSecrets()
    {
        await Ram.CreateUserAsync("alice");
        var first = await Ram.CreateKeyAsync("alice");
        Ram.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await Ram.CreateKeyAsync("alice");
        await Ram.CallAsync("UpdateAccessKey", ("UserName", "alice"), ("UserAccessKeyId", second.Id), ("Status", "Inactive"));

        AssertJson.Equal(
            $$$"""
            {"AccessKeys":{"AccessKey":[
              {"AccessKeyId":"{{{first.Id}}}","Status":"Active","CreateDate":"2026-01-23T12:33:18Z"},
              {"AccessKeyId":"{{{second.Id}}}","Status":"Inactive","CreateDate":"2026-01-23T12:34:18Z"}]}}
            """,
            await Ram.CallAsync("ListAccessKeys", ("UserName", "alice")));
    }

    [Fact]
    public async Task UpdateAccessKey_InactiveThenActive_IsSeenByTheNextLookup()
    {
        await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        foreach (var (status, expected) in new[] { ("Inactive", false), ("Active", true) })
        {
            AssertJson.Equal("{}", await Ram.CallAsync("UpdateAccessKey", ("UserName", "alice"), ("UserAccessKeyId", id), ("Status", status)));
            Assert.Equal(expected, (await Ram.FindKeyAsync(id))!.IsActive);
        }
    }

    [Theory]
    [InlineData("active")]
    [InlineData("Deleted")]
    [InlineData("")]
    public async Task UpdateAccessKey_OtherStatus_AnswersInvalidParameter(string status)
    {
        await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        Assert.Equal(
            ("InvalidParameter", 400),
            await Ram.RefusalAsync("UpdateAccessKey", ("UserName", "alice"), ("UserAccessKeyId", id), ("Status", status)));
    }

    [Fact]
    public async Task DeleteAccessKey_ActiveKey_IsGoneForTheNextLookup()
    {
        await Ram.CreateUserAsync("alice");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        Assert.NotNull(await Ram.FindKeyAsync(id));
        AssertJson.Equal("{}", await Ram.CallAsync("DeleteAccessKey", ("UserName", "alice"), ("UserAccessKeyId", id)));
        Assert.Null(await Ram.FindKeyAsync(id));
    }

    [Theory]
    [InlineData("UpdateAccessKey")]
    [InlineData("DeleteAccessKey")]
    public async Task AccessKeyAction_KeyOfAnotherUser_AnswersEntityNotExistAndLeavesItAlone(string action)
    {
        await Ram.CreateUserAsync("alice");
        await Ram.CreateUserAsync("bob");
        var (id, _) = await Ram.CreateKeyAsync("alice");
        Assert.Equal(
            ("EntityNotExist.User.AccessKey", 404),
            await Ram.RefusalAsync(action, ("UserName", "bob"), ("UserAccessKeyId", id), ("Status", "Inactive")));
        Assert.Equal(
            ("EntityNotExist.User.AccessKey", 404),
            await Ram.RefusalAsync(action, ("UserName", "bob"), ("UserAccessKeyId", RamTestStore.RootKeyId), ("Status", "Inactive")));
        Assert.True((await Ram.FindKeyAsync(id))!.IsActive);
        Assert.True((await Ram.FindKeyAsync(RamTestStore.RootKeyId))!.IsActive);
    }

    [Fact]
    public async Task AccessKeyActions_WithoutUserName_ActOnTheCallingUser()
    {
        var alice = await Ram.CreateUserAsync("alice");
        var id = (string)(await Ram.CallAsAsync(alice, "CreateAccessKey"))["AccessKey"]!["AccessKeyId"]!;
        Assert.Equal(alice, (await Ram.FindKeyAsync(id))!.Owner);
        Assert.Single((await Ram.CallAsAsync(alice, "ListAccessKeys"))["AccessKeys"]!["AccessKey"]!.AsArray());
        await Ram.CallAsAsync(alice, "UpdateAccessKey", ("UserAccessKeyId", id), ("Status", "Inactive"));
        Assert.False((await Ram.FindKeyAsync(id))!.IsActive);
        await Ram.CallAsAsync(alice, "DeleteAccessKey", ("UserAccessKeyId", id));
        Assert.Null(await Ram.FindKeyAsync(id));
    }

    [Theory]
    [InlineData("CreateAccessKey")]
    [InlineData("ListAccessKeys")]
    [InlineData("UpdateAccessKey")]
    [InlineData("DeleteAccessKey")]
    public async Task AccessKeyAction_RootOrSessionWithoutUserName_AnswersEntityNotExist(string action)
    {
        var role = await Ram.CreateRoleAsync("ci");
        foreach (var caller in new[] { Ram.Root, role })
        {
            var refusal = await Assert.ThrowsAsync<Core.Contract.KmsException>(() => Ram.CallAsAsync(
                caller, action, ("UserAccessKeyId", RamTestStore.RootKeyId), ("Status", "Inactive")));
            Assert.Same(GatewayErrors.EntityNotExistUser, refusal.Error);
        }
    }

    [Fact]
    public async Task FindKey_Root_IsTheAccountItself()
    {
        var key = await Ram.FindKeyAsync(RamTestStore.RootKeyId);
        Assert.Equal(new Identity(PrincipalKind.Root, RamTestStore.Account, RamTestStore.Account, "root"), key!.Owner);
        Assert.True(key.Secret.FixedTimeEquals(Encoding.UTF8.GetBytes(RamTestStore.RootSecret)));
        Assert.Empty((await Ram.PoliciesAsync(key.Owner)).Attached);
    }

    [Theory]
    [InlineData("LTAInobodynobodynobodynob")]
    [InlineData("ltairootrootrootrootroot")]
    [InlineData("")]
    public async Task FindKey_UnknownOrOtherLetterCase_IsNull(string id) => Assert.Null(await Ram.FindKeyAsync(id));
}

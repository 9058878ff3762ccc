using KmsGateway.Gateway.Ram;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class GroupActionsTests : RamActionsFixture
{
    [Fact]
    public async Task Group_CreatedThenRead_AnswersEveryMember()
    {
        var created = (await Ram.CallAsync("CreateGroup", ("GroupName", "Devs"), ("Comments", "builders")))["Group"]!.AsObject();
        Assert.Matches("^4[0-9]{17}$", (string)created["GroupId"]!);
        var id = (string)created["GroupId"]!;
        AssertJson.Equal(
            $$"""{"GroupId":"{{id}}","GroupName":"Devs","Comments":"builders","CreateDate":"2026-01-23T12:33:18Z"}""", created);

        Ram.Clock.Advance(TimeSpan.FromHours(1));
        var expected =
            $$"""{"GroupId":"{{id}}","GroupName":"Ops","Comments":"c","CreateDate":"2026-01-23T12:33:18Z","UpdateDate":"2026-01-23T13:33:18Z"}""";
        AssertJson.Equal(
            $$"""{"Group":{{expected}}}""",
            await Ram.CallAsync("UpdateGroup", ("GroupName", "Devs"), ("NewGroupName", "Ops"), ("NewComments", "c")));
        AssertJson.Equal($$"""{"Group":{{expected}}}""", await Ram.CallAsync("GetGroup", ("GroupName", "Ops")));
        AssertJson.Equal($$"""{"Groups":{"Group":[{{expected}}]},"IsTruncated":false}""", await Ram.CallAsync("ListGroups"));
    }

    [Fact]
    public async Task CreateGroup_TakenNameOrPastTheQuota_IsRefused()
    {
        using var small = await RamTestStore.CreateAsync(new RamQuotas { Groups = 1 });
        await small.CreateGroupAsync("g");
        Assert.Equal(("EntityAlreadyExists.Group", 409), await small.RefusalAsync("CreateGroup", ("GroupName", "G")));
        Assert.Equal(("LimitExceeded.Group", 409), await small.RefusalAsync("CreateGroup", ("GroupName", "h")));
    }

    [Fact]
    public async Task UpdateGroup_NameOfAnother_AnswersEntityAlreadyExists()
    {
        await Ram.CreateGroupAsync("a");
        await Ram.CreateGroupAsync("b");
        Assert.Equal(("EntityAlreadyExists.Group", 409), await Ram.RefusalAsync("UpdateGroup", ("GroupName", "a"), ("NewGroupName", "B")));
    }

    [Theory]
    [InlineData("GetGroup")]
    [InlineData("UpdateGroup")]
    [InlineData("DeleteGroup")]
    [InlineData("AddUserToGroup")]
    [InlineData("RemoveUserFromGroup")]
    [InlineData("ListUsersForGroup")]
    public async Task GroupAction_UnknownGroup_AnswersEntityNotExist(string action)
    {
        await Ram.CreateUserAsync("alice");
        Assert.Equal(("EntityNotExist.Group", 404), await Ram.RefusalAsync(action, ("GroupName", "nothing"), ("UserName", "alice")));
    }

    [Theory]
    [InlineData("AddUserToGroup")]
    [InlineData("RemoveUserFromGroup")]
    public async Task Membership_UnknownUser_AnswersEntityNotExist(string action)
    {
        await Ram.CreateGroupAsync("g");
        Assert.Equal(("EntityNotExist.User", 404), await Ram.RefusalAsync(action, ("GroupName", "g"), ("UserName", "nobody")));
    }

    [Fact]
    public async Task Membership_JoinedAndLeft_IsListedFromBothSides()
    {
        await Ram.CallAsync("CreateUser", ("UserName", "alice"), ("DisplayName", "A"));
        var group = (await Ram.CallAsync("CreateGroup", ("GroupName", "g"), ("Comments", "c")))["Group"]!;
        var both = new (string, object)[] { ("GroupName", "g"), ("UserName", "alice") };

        Assert.Equal(("EntityNotExist.User.Group", 404), await Ram.RefusalAsync("RemoveUserFromGroup", both));
        AssertJson.Equal("{}", await Ram.CallAsync("AddUserToGroup", both));
        Assert.Equal(("EntityAlreadyExists.User.Group", 409), await Ram.RefusalAsync("AddUserToGroup", both));
        AssertJson.Equal(
            $$$"""{"Groups":{"Group":[{"GroupId":"{{{(string)group["GroupId"]!}}}","GroupName":"g","Comments":"c","JoinDate":"2026-01-23T12:33:18Z"}]}}""",
            await Ram.CallAsync("ListGroupsForUser", ("UserName", "alice")));
        AssertJson.Equal(
            """{"Users":{"User":[{"UserName":"alice","DisplayName":"A","JoinDate":"2026-01-23T12:33:18Z"}]},"IsTruncated":false}""",
            await Ram.CallAsync("ListUsersForGroup", ("GroupName", "g")));
        AssertJson.Equal("{}", await Ram.CallAsync("RemoveUserFromGroup", both));
        AssertJson.Equal("""{"Groups":{"Group":[]}}""", await Ram.CallAsync("ListGroupsForUser", ("UserName", "alice")));
    }

    [Fact]
    public async Task AddUserToGroup_SixthGroup_AnswersLimitExceeded()
    {
        await Ram.CreateUserAsync("alice");
        for (var number = 1; number <= 6; number++)
        {
            await Ram.CreateGroupAsync($"g{number}");
        }

        for (var number = 1; number <= 5; number++)
        {
            await Ram.CallAsync("AddUserToGroup", ("GroupName", $"g{number}"), ("UserName", "alice"));
        }

        Assert.Equal(("LimitExceeded.User.Group", 409), await Ram.RefusalAsync("AddUserToGroup", ("GroupName", "g6"), ("UserName", "alice")));
    }

    [Fact]
    public async Task DeleteGroup_WithEverything_NamesMembersThenPolicies()
    {
        await Ram.CreateUserAsync("alice");
        await Ram.CreateGroupAsync("g");
        var both = new (string, object)[] { ("GroupName", "g"), ("UserName", "alice") };
        var policy = new (string, object)[] { ("GroupName", "g"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System") };
        await Ram.CallAsync("AddUserToGroup", both);
        await Ram.CallAsync("AttachPolicyToGroup", policy);

        Assert.Equal(("DeleteConflict.Group.User", 409), await Ram.RefusalAsync("DeleteGroup", ("GroupName", "g")));
        await Ram.CallAsync("RemoveUserFromGroup", both);
        Assert.Equal(("DeleteConflict.Group.Policy", 409), await Ram.RefusalAsync("DeleteGroup", ("GroupName", "g")));
        await Ram.CallAsync("DetachPolicyFromGroup", policy);
        AssertJson.Equal("{}", await Ram.CallAsync("DeleteGroup", ("GroupName", "g")));
        Assert.Equal(("EntityNotExist.Group", 404), await Ram.RefusalAsync("GetGroup", ("GroupName", "g")));
    }

    [Fact]
    public async Task Lists_Paged_AnswerEachOnce()
    {
        foreach (var name in new[] { "c", "a", "b" })
        {
            await Ram.CreateGroupAsync(name);
            await Ram.CreateUserAsync(name);
            await Ram.CallAsync("AddUserToGroup", ("GroupName", "c"), ("UserName", name));
        }

        Assert.Equal(["a,b", "c"], await Ram.PagesAsync("ListGroups", "Groups", "Group", "GroupName", 2));
        Assert.Equal(["a,b", "c"], await Ram.PagesAsync("ListUsersForGroup", "Users", "User", "UserName", 2, ("GroupName", "c")));
    }
}

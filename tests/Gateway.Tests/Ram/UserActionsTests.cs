using KmsGateway.Gateway.Ram;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class UserActionsTests : RamActionsFixture
{
    [Fact]
    public async Task CreateUser_AllMembers_AnswersThemWithIdAndDate()
    {
        var answer = await Ram.CallAsync(
            "CreateUser",
            ("UserName", "Alice"), ("DisplayName", "Alice A."), ("Email", "a@example.com"), ("MobilePhone", "86-18600008888"), ("Comments", "first"));

        var user = answer["User"]!.AsObject();
        Assert.Matches("^2[0-9]{17}$", (string)user["UserId"]!);
        user.Remove("UserId");
        AssertJson.Equal(
            """
            {"UserName":"Alice","DisplayName":"Alice A.","MobilePhone":"86-18600008888","Email":"a@example.com","Comments":"first",
             "CreateDate":"2026-01-23T12:33:18Z"}
            """,
            user);
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("ALICE")]
    public async Task CreateUser_NameTakenInAnyCase_AnswersEntityAlreadyExists(string name)
    {
        await Ram.CreateUserAsync("alice");
        Assert.Equal(("EntityAlreadyExists.User", 409), await Ram.RefusalAsync("CreateUser", ("UserName", name)));
    }

    [Fact]
    public async Task CreateUser_GroupAndRoleOfThatName_IsAnotherKindAndPasses()
    {
        await Ram.CreateGroupAsync("ops");
        await Ram.CreateRoleAsync("ops");
        Assert.Equal("ops", (await Ram.CreateUserAsync("ops")).Name);
    }

    [Fact]
    public async Task CreateUser_AtAndPastTheQuota_RefusesTheOnePast()
    {
        using var small = await RamTestStore.CreateAsync(new RamQuotas { Users = 2 });
        await small.CreateUserAsync("a");
        await small.CreateUserAsync("b");
        Assert.Equal(("LimitExceeded.User", 409), await small.RefusalAsync("CreateUser", ("UserName", "c")));
        await small.CallAsync("DeleteUser", ("UserName", "a"));
        await small.CreateUserAsync("c");
    }

    [Fact]
    public async Task GetUser_Known_AnswersEveryMember()
    {
        await Ram.CreateUserAsync("alice");
        Ram.Clock.Advance(TimeSpan.FromDays(1));
        await Ram.CallAsync("UpdateUser", ("UserName", "alice"), ("NewComments", "later"));

        var user = (await Ram.CallAsync("GetUser", ("UserName", "alice")))["User"]!.AsObject();
        user.Remove("UserId");
        AssertJson.Equal(
            """
            {"UserName":"alice","DisplayName":"","MobilePhone":"","Email":"","Comments":"later","CreateDate":"2026-01-23T12:33:18Z",
             "UpdateDate":"2026-01-24T12:33:18Z","LastLoginDate":""}
            """,
            user);
    }

    [Theory]
    [InlineData("GetUser")]
    [InlineData("UpdateUser")]
    [InlineData("DeleteUser")]
    [InlineData("ListAccessKeys")]
    [InlineData("CreateAccessKey")]
    [InlineData("ListPoliciesForUser")]
    [InlineData("ListGroupsForUser")]
    public async Task UserAction_UnknownName_AnswersEntityNotExist(string action) =>
        Assert.Equal(("EntityNotExist.User", 404), await Ram.RefusalAsync(action, ("UserName", "nobody")));

    [Fact]
    public async Task GetUser_OtherLetterCase_IsAnotherUserForPoliciesAndNotFound()
    {
        await Ram.CreateUserAsync("alice");
        Assert.Equal(("EntityNotExist.User", 404), await Ram.RefusalAsync("GetUser", ("UserName", "Alice")));
    }

    [Fact]
    public async Task ListUsers_Paged_AnswersEachOnceInOrder()
    {
        foreach (var name in new[] { "delta", "Bravo", "alpha", "charlie", "echo" })
        {
            await Ram.CreateUserAsync(name);
        }

        var pages = await Ram.PagesAsync("ListUsers", "Users", "User", "UserName", 2);

        Assert.Equal(["alpha,Bravo", "charlie,delta", "echo"], pages);
    }

    [Fact]
    public async Task ListUsers_None_AnswersTheTwoLevelForm() =>
        AssertJson.Equal("""{"Users":{"User":[]},"IsTruncated":false}""", await Ram.CallAsync("ListUsers"));

    [Fact]
    public async Task ListUsers_LastItemDeletedBetweenPages_GoesOnBehindIt()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await Ram.CreateUserAsync(name);
        }

        var first = await Ram.CallAsync("ListUsers", ("MaxItems", 2));
        await Ram.CallAsync("DeleteUser", ("UserName", "b"));
        var second = await Ram.CallAsync("ListUsers", ("MaxItems", 2), ("Marker", (string)first["Marker"]!));
        Assert.Equal("c", (string)Assert.Single(second["Users"]!["User"]!.AsArray())!["UserName"]!);
    }

    [Fact]
    public async Task ListUsers_DefaultPage_Holds100()
    {
        for (var number = 0; number < 101; number++)
        {
            await Ram.CreateUserAsync($"user-{number:D3}");
        }

        var page = await Ram.CallAsync("ListUsers");
        Assert.Equal(100, page["Users"]!["User"]!.AsArray().Count);
        Assert.True((bool)page["IsTruncated"]!);
        Assert.Equal(101, (await Ram.CallAsync("ListUsers", ("MaxItems", 1000)))["Users"]!["User"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("ListUsers", 0)]
    [InlineData("ListUsers", 1001)]
    [InlineData("ListGroups", 101)]
    [InlineData("ListPolicies", 1001)]
    [InlineData("ListRoles", -1)]
    public async Task List_MaxItemsOutOfRange_AnswersInvalidParameter(string action, int items) =>
        Assert.Equal(("InvalidParameter", 400), await Ram.RefusalAsync(action, ("MaxItems", items)));

    [Theory]
    [InlineData("not base64!")]
    [InlineData("cm9sZXMKYQ")]
    [InlineData("dXNlcnMK")]
    [InlineData("")]
    public async Task ListUsers_ForeignMarker_AnswersInvalidParameter(string marker) =>
        Assert.Equal(("InvalidParameter", 400), await Ram.RefusalAsync("ListUsers", ("Marker", marker)));

    [Fact]
    public async Task UpdateUser_NewName_KeepsIdKeysGroupsAndAttachments()
    {
        var alice = await Ram.CreateUserAsync("alice");
        var key = await Ram.CreateKeyAsync("alice");
        await Ram.CreatePolicyAsync("p");
        await Ram.AttachAsync("alice", "p");
        await Ram.CreateGroupAsync("devs");
        await Ram.CallAsync("AddUserToGroup", ("UserName", "alice"), ("GroupName", "devs"));

        var updated = await Ram.CallAsync(
            "UpdateUser",
            ("UserName", "alice"), ("NewUserName", "Alicia"), ("NewDisplayName", "A"), ("NewEmail", "e@x"), ("NewMobilePhone", "86-1"), ("NewComments", "c"));

        Assert.Equal(alice.Id, (string)updated["User"]!["UserId"]!);
        Assert.Equal(
            ["Alicia", "A", "e@x", "86-1", "c"],
            new[] { "UserName", "DisplayName", "Email", "MobilePhone", "Comments" }.Select(member => (string)updated["User"]![member]!));
        Assert.Equal(("EntityNotExist.User", 404), await Ram.RefusalAsync("GetUser", ("UserName", "alice")));
        var owner = (await Ram.FindKeyAsync(key.Id))!.Owner;
        Assert.Equal(("Alicia", $"acs:ram::{RamTestStore.Account}:user/Alicia"), (owner.Name, owner.Arn));
        Assert.Equal(["p"], await Ram.PolicyNamesAsync(owner));
        Assert.Single((await Ram.CallAsync("ListGroupsForUser", ("UserName", "Alicia")))["Groups"]!["Group"]!.AsArray());
    }

    [Fact]
    public async Task UpdateUser_OnlyTheCaseOfItsOwnName_Passes()
    {
        await Ram.CreateUserAsync("alice");
        await Ram.CallAsync("UpdateUser", ("UserName", "alice"), ("NewUserName", "Alice"));
        Assert.Equal("Alice", (string)(await Ram.CallAsync("GetUser", ("UserName", "Alice")))["User"]!["UserName"]!);
    }

    [Fact]
    public async Task UpdateUser_NameOfAnother_AnswersEntityAlreadyExistsAndChangesNothing()
    {
        await Ram.CreateUserAsync("alice");
        await Ram.CreateUserAsync("bob");
        Assert.Equal(
            ("EntityAlreadyExists.User", 409),
            await Ram.RefusalAsync("UpdateUser", ("UserName", "alice"), ("NewUserName", "BOB"), ("NewComments", "x")));
        Assert.Equal(string.Empty, (string)(await Ram.CallAsync("GetUser", ("UserName", "alice")))["User"]!["Comments"]!);
    }

    [Fact]
    public async Task DeleteUser_WithEverything_NamesGroupThenKeyThenPolicy()
    {
        await Ram.CreateUserAsync("alice");
        var key = await Ram.CreateKeyAsync("alice");
        await Ram.AttachAsync("alice", "AdministratorAccess", "System");
        await Ram.CreateGroupAsync("devs");
        await Ram.CallAsync("AddUserToGroup", ("UserName", "alice"), ("GroupName", "devs"));

        Assert.Equal(("DeleteConflict.User.Group", 409), await Ram.RefusalAsync("DeleteUser", ("UserName", "alice")));
        await Ram.CallAsync("RemoveUserFromGroup", ("UserName", "alice"), ("GroupName", "devs"));
        Assert.Equal(("DeleteConflict.User.AccessKey", 409), await Ram.RefusalAsync("DeleteUser", ("UserName", "alice")));
        await Ram.CallAsync("DeleteAccessKey", ("UserName", "alice"), ("UserAccessKeyId", key.Id));
        Assert.Equal(("DeleteConflict.User.Policy", 409), await Ram.RefusalAsync("DeleteUser", ("UserName", "alice")));
        await Ram.DetachAsync("alice", "AdministratorAccess", "System");
        AssertJson.Equal("{}", await Ram.CallAsync("DeleteUser", ("UserName", "alice")));
        Assert.Equal(("EntityNotExist.User", 404), await Ram.RefusalAsync("GetUser", ("UserName", "alice")));
    }

    [Fact]
    public async Task DeleteUser_NameUsedAgain_IsAnotherUserWithoutTheOldRights()
    {
        var old = await Ram.CreateUserAsync("alice");
        await Ram.CreatePolicyAsync("p");
        await Ram.AttachAsync("alice", "p");
        await Ram.DetachAsync("alice", "p");
        await Ram.CallAsync("DeleteUser", ("UserName", "alice"));
        var young = await Ram.CreateUserAsync("alice");
        await Ram.AttachAsync("alice", "p");

        Assert.NotEqual(old.Id, young.Id);
        Assert.Empty(await Ram.PolicyNamesAsync(old));
        Assert.Equal(["p"], await Ram.PolicyNamesAsync(young));
    }
}

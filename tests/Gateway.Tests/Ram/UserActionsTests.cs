using System.Text.Json.Nodes;
using KmsGateway.Gateway.Ram;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class UserActionsTests : IAsyncLifetime
{
    private RamTestStore ram = null!;

    public async Task InitializeAsync() => ram = await RamTestStore.CreateAsync();

    public Task DisposeAsync()
    {
        ram.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task CreateUser_AllMembers_AnswersThemWithIdAndDate()
    {
        var answer = await ram.CallAsync(
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
        await ram.CreateUserAsync("alice");
        Assert.Equal(("EntityAlreadyExists.User", 409), await ram.RefusalAsync("CreateUser", ("UserName", name)));
    }

    [Fact]
    public async Task CreateUser_GroupAndRoleOfThatName_IsAnotherKindAndPasses()
    {
        await ram.CreateGroupAsync("ops");
        await ram.CreateRoleAsync("ops");
        await ram.CreateUserAsync("ops");
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
        await ram.CreateUserAsync("alice");
        ram.Clock.Advance(TimeSpan.FromDays(1));
        await ram.CallAsync("UpdateUser", ("UserName", "alice"), ("NewComments", "later"));

        var user = (await ram.CallAsync("GetUser", ("UserName", "alice")))["User"]!.AsObject();
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
        Assert.Equal(("EntityNotExist.User", 404), await ram.RefusalAsync(action, ("UserName", "nobody")));

    [Fact]
    public async Task GetUser_OtherLetterCase_IsAnotherUserForPoliciesAndNotFound()
    {
        await ram.CreateUserAsync("alice");
        Assert.Equal(("EntityNotExist.User", 404), await ram.RefusalAsync("GetUser", ("UserName", "Alice")));
    }

    [Fact]
    public async Task ListUsers_Paged_AnswersEachOnceInOrder()
    {
        foreach (var name in new[] { "delta", "Bravo", "alpha", "charlie", "echo" })
        {
            await ram.CreateUserAsync(name);
        }

        var names = new List<string>();
        var pages = 0;
        JsonNode? marker = null;
        do
        {
            var page = marker is null
                ? await ram.CallAsync("ListUsers", ("MaxItems", 2))
                : await ram.CallAsync("ListUsers", ("MaxItems", 2), ("Marker", (string)marker!));
            names.AddRange(page["Users"]!["User"]!.AsArray().Select(user => (string)user!["UserName"]!));
            marker = page["Marker"];
            Assert.Equal((bool)page["IsTruncated"]!, marker is not null);
            pages++;
        }
        while (marker is not null);

        Assert.Equal(["alpha", "Bravo", "charlie", "delta", "echo"], names);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task ListUsers_None_AnswersTheTwoLevelForm() =>
        AssertJson.Equal("""{"Users":{"User":[]},"IsTruncated":false}""", await ram.CallAsync("ListUsers"));

    [Fact]
    public async Task ListUsers_LastItemDeletedBetweenPages_GoesOnBehindIt()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await ram.CreateUserAsync(name);
        }

        var first = await ram.CallAsync("ListUsers", ("MaxItems", 2));
        await ram.CallAsync("DeleteUser", ("UserName", "b"));
        var second = await ram.CallAsync("ListUsers", ("MaxItems", 2), ("Marker", (string)first["Marker"]!));
        Assert.Equal("c", (string)Assert.Single(second["Users"]!["User"]!.AsArray())!["UserName"]!);
    }

    [Fact]
    public async Task ListUsers_DefaultPage_Holds100()
    {
        for (var number = 0; number < 101; number++)
        {
            await ram.CreateUserAsync($"user-{number:D3}");
        }

        var page = await ram.CallAsync("ListUsers");
        Assert.Equal(100, page["Users"]!["User"]!.AsArray().Count);
        Assert.True((bool)page["IsTruncated"]!);
        Assert.Equal(101, (await ram.CallAsync("ListUsers", ("MaxItems", 1000)))["Users"]!["User"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("ListUsers", 0)]
    [InlineData("ListUsers", 1001)]
    [InlineData("ListGroups", 101)]
    [InlineData("ListPolicies", 1001)]
    [InlineData("ListRoles", -1)]
    public async Task List_MaxItemsOutOfRange_AnswersInvalidParameter(string action, int items) =>
        Assert.Equal(("InvalidParameter", 400), await ram.RefusalAsync(action, ("MaxItems", items)));

    [Theory]
    [InlineData("not base64!")]
    [InlineData("cm9sZXMKYQ")]
    [InlineData("dXNlcnMK")]
    [InlineData("")]
    public async Task ListUsers_ForeignMarker_AnswersInvalidParameter(string marker) =>
        Assert.Equal(("InvalidParameter", 400), await ram.RefusalAsync("ListUsers", ("Marker", marker)));

    [Fact]
    public async Task UpdateUser_NewName_KeepsIdKeysGroupsAndAttachments()
    {
        var alice = await ram.CreateUserAsync("alice");
        var key = await ram.CreateKeyAsync("alice");
        await ram.CreatePolicyAsync("p");
        await ram.AttachAsync("alice", "p");
        await ram.CreateGroupAsync("devs");
        await ram.CallAsync("AddUserToGroup", ("UserName", "alice"), ("GroupName", "devs"));

        var updated = await ram.CallAsync(
            "UpdateUser",
            ("UserName", "alice"), ("NewUserName", "Alicia"), ("NewDisplayName", "A"), ("NewEmail", "e@x"), ("NewMobilePhone", "86-1"), ("NewComments", "c"));

        Assert.Equal(alice.Id, (string)updated["User"]!["UserId"]!);
        Assert.Equal(
            ["Alicia", "A", "e@x", "86-1", "c"],
            new[] { "UserName", "DisplayName", "Email", "MobilePhone", "Comments" }.Select(member => (string)updated["User"]![member]!));
        Assert.Equal(("EntityNotExist.User", 404), await ram.RefusalAsync("GetUser", ("UserName", "alice")));
        var owner = (await ram.FindKeyAsync(key.Id))!.Owner;
        Assert.Equal(("Alicia", $"acs:ram::{RamTestStore.Account}:user/Alicia"), (owner.Name, owner.Arn));
        Assert.Equal(["p"], await ram.PolicyNamesAsync(owner));
        Assert.Single((await ram.CallAsync("ListGroupsForUser", ("UserName", "Alicia")))["Groups"]!["Group"]!.AsArray());
    }

    [Fact]
    public async Task UpdateUser_OnlyTheCaseOfItsOwnName_Passes()
    {
        await ram.CreateUserAsync("alice");
        await ram.CallAsync("UpdateUser", ("UserName", "alice"), ("NewUserName", "Alice"));
        await ram.CallAsync("GetUser", ("UserName", "Alice"));
    }

    [Fact]
    public async Task UpdateUser_NameOfAnother_AnswersEntityAlreadyExistsAndChangesNothing()
    {
        await ram.CreateUserAsync("alice");
        await ram.CreateUserAsync("bob");
        Assert.Equal(
            ("EntityAlreadyExists.User", 409),
            await ram.RefusalAsync("UpdateUser", ("UserName", "alice"), ("NewUserName", "BOB"), ("NewComments", "x")));
        Assert.Equal(string.Empty, (string)(await ram.CallAsync("GetUser", ("UserName", "alice")))["User"]!["Comments"]!);
    }

    [Fact]
    public async Task DeleteUser_WithEverything_NamesGroupThenKeyThenPolicy()
    {
        await ram.CreateUserAsync("alice");
        var key = await ram.CreateKeyAsync("alice");
        await ram.AttachAsync("alice", "AdministratorAccess", "System");
        await ram.CreateGroupAsync("devs");
        await ram.CallAsync("AddUserToGroup", ("UserName", "alice"), ("GroupName", "devs"));

        Assert.Equal(("DeleteConflict.User.Group", 409), await ram.RefusalAsync("DeleteUser", ("UserName", "alice")));
        await ram.CallAsync("RemoveUserFromGroup", ("UserName", "alice"), ("GroupName", "devs"));
        Assert.Equal(("DeleteConflict.User.AccessKey", 409), await ram.RefusalAsync("DeleteUser", ("UserName", "alice")));
        await ram.CallAsync("DeleteAccessKey", ("UserName", "alice"), ("UserAccessKeyId", key.Id));
        Assert.Equal(("DeleteConflict.User.Policy", 409), await ram.RefusalAsync("DeleteUser", ("UserName", "alice")));
        await ram.DetachAsync("alice", "AdministratorAccess", "System");
        AssertJson.Equal("{}", await ram.CallAsync("DeleteUser", ("UserName", "alice")));
        Assert.Equal(("EntityNotExist.User", 404), await ram.RefusalAsync("GetUser", ("UserName", "alice")));
    }

    [Fact]
    public async Task DeleteUser_NameUsedAgain_IsAnotherUserWithoutTheOldRights()
    {
        var old = await ram.CreateUserAsync("alice");
        await ram.CreatePolicyAsync("p");
        await ram.AttachAsync("alice", "p");
        await ram.DetachAsync("alice", "p");
        await ram.CallAsync("DeleteUser", ("UserName", "alice"));
        var young = await ram.CreateUserAsync("alice");
        await ram.AttachAsync("alice", "p");

        Assert.NotEqual(old.Id, young.Id);
        Assert.Empty(await ram.PolicyNamesAsync(old));
        Assert.Equal(["p"], await ram.PolicyNamesAsync(young));
    }
}

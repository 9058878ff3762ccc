using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>What one account holds does not exist for another, whatever the other's root asks.</summary>
public sealed class AccountIsolationTests : IAsyncLifetime
{
    private const string OtherAccount = "6543210987654321";

    private readonly Identity stranger = new(PrincipalKind.Root, OtherAccount, OtherAccount, "root");
    private RamTestStore ram = null!;
    private string keyId = string.Empty;

    public static TheoryData<string, string> Named { get; } = new()
    {
        { "GetUser", "EntityNotExist.User" },
        { "UpdateUser", "EntityNotExist.User" },
        { "DeleteUser", "EntityNotExist.User" },
        { "CreateAccessKey", "EntityNotExist.User" },
        { "ListAccessKeys", "EntityNotExist.User" },
        { "UpdateAccessKey", "EntityNotExist.User" },
        { "DeleteAccessKey", "EntityNotExist.User" },
        { "GetGroup", "EntityNotExist.Group" },
        { "UpdateGroup", "EntityNotExist.Group" },
        { "DeleteGroup", "EntityNotExist.Group" },
        { "AddUserToGroup", "EntityNotExist.User" },
        { "RemoveUserFromGroup", "EntityNotExist.User" },
        { "ListGroupsForUser", "EntityNotExist.User" },
        { "ListUsersForGroup", "EntityNotExist.Group" },
        { "GetPolicy", "EntityNotExist.Policy" },
        { "UpdatePolicyDescription", "EntityNotExist.Policy" },
        { "DeletePolicy", "EntityNotExist.Policy" },
        { "CreatePolicyVersion", "EntityNotExist.Policy" },
        { "GetPolicyVersion", "EntityNotExist.Policy" },
        { "ListPolicyVersions", "EntityNotExist.Policy" },
        { "SetDefaultPolicyVersion", "EntityNotExist.Policy" },
        { "DeletePolicyVersion", "EntityNotExist.Policy" },
        { "ListEntitiesForPolicy", "EntityNotExist.Policy" },
        { "AttachPolicyToUser", "EntityNotExist.User" },
        { "DetachPolicyFromUser", "EntityNotExist.User" },
        { "ListPoliciesForUser", "EntityNotExist.User" },
        { "AttachPolicyToGroup", "EntityNotExist.Group" },
        { "DetachPolicyFromGroup", "EntityNotExist.Group" },
        { "ListPoliciesForGroup", "EntityNotExist.Group" },
        { "AttachPolicyToRole", "EntityNotExist.Role" },
        { "DetachPolicyFromRole", "EntityNotExist.Role" },
        { "ListPoliciesForRole", "EntityNotExist.Role" },
        { "GetRole", "EntityNotExist.Role" },
        { "UpdateRole", "EntityNotExist.Role" },
        { "DeleteRole", "EntityNotExist.Role" },
    };

    public async Task InitializeAsync()
    {
        ram = await RamTestStore.CreateAsync();
        await ram.Store.Database.WriteAsync(
            writer =>
            {
                AccountTable.Insert(writer, OtherAccount);
                return true;
            },
            CancellationToken.None);
        await CreateAllAsync(ram.Root, "mine");
        foreach (var kind in new[] { "User", "Group", "Role" })
        {
            await ram.CallAsync($"AttachPolicyTo{kind}", Parameters("mine"));
        }

        await ram.CallAsync("AttachPolicyToUser", ("UserName", "mine"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System"));
        await ram.CallAsync("AddUserToGroup", Parameters("mine"));
        keyId = (await ram.CreateKeyAsync("mine")).Id;
    }

    public Task DisposeAsync()
    {
        ram.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Named))]
    public async Task Action_OnWhatAnotherAccountHolds_AnswersEntityNotExist(string action, string code)
    {
        var refusal = await Assert.ThrowsAsync<KmsException>(() => ram.CallAsAsync(stranger, action, Parameters("mine")));
        Assert.Equal(code, refusal.Error.Code);
    }

    [Theory]
    [InlineData("ListUsers", """{"Users":{"User":[]},"IsTruncated":false}""")]
    [InlineData("ListGroups", """{"Groups":{"Group":[]},"IsTruncated":false}""")]
    [InlineData("ListRoles", """{"Roles":{"Role":[]},"IsTruncated":false}""")]
    [InlineData("ListPolicies", """{"Policies":{"Policy":[]},"IsTruncated":false}""")]
    public async Task List_ByAnotherAccount_IsEmpty(string action, string expected) =>
        AssertJson.Equal(expected, await ram.CallAsAsync(stranger, action, ("PolicyType", "Custom")));

    [Fact]
    public async Task SystemPolicy_HeldInAnotherAccount_CountsAndListsNobody()
    {
        var system = new (string, object)[] { ("PolicyName", "AdministratorAccess"), ("PolicyType", "System") };
        Assert.Equal(0, (long)(await ram.CallAsAsync(stranger, "GetPolicy", system))["Policy"]!["AttachmentCount"]!);
        AssertJson.Equal(
            """{"Users":{"User":[]},"Groups":{"Group":[]},"Roles":{"Role":[]}}""", await ram.CallAsAsync(stranger, "ListEntitiesForPolicy", system));
    }

    [Fact]
    public async Task Access_KeyOfAnotherAccountNamedBesideAnOwnUser_IsNotFound()
    {
        await CreateAllAsync(stranger, "mine");
        foreach (var action in new[] { "UpdateAccessKey", "DeleteAccessKey" })
        {
            var refusal = await Assert.ThrowsAsync<KmsException>(() => ram.CallAsAsync(stranger, action, Parameters("mine")));
            Assert.Same(GatewayErrors.EntityNotExistUserAccessKey, refusal.Error);
        }

        Assert.True((await ram.FindKeyAsync(keyId))!.IsActive);
    }

    [Fact]
    public async Task Names_TakenInAnotherAccount_AreFree()
    {
        await CreateAllAsync(stranger, "mine");
        Assert.Equal("mine", (string)(await ram.CallAsAsync(stranger, "GetUser", ("UserName", "mine")))["User"]!["UserName"]!);
        Assert.Equal("acs:ram::6543210987654321:role/mine", (string)(await ram.CallAsAsync(stranger, "GetRole", ("RoleName", "mine")))["Role"]!["Arn"]!);
    }

    private async Task CreateAllAsync(Identity caller, string name)
    {
        foreach (var action in new[] { "CreateUser", "CreateGroup", "CreateRole", "CreatePolicy" })
        {
            await ram.CallAsAsync(caller, action, Parameters(name));
        }
    }

    private (string, object)[] Parameters(string name) =>
    [
        ("UserName", name), ("GroupName", name), ("RoleName", name), ("PolicyName", name), ("PolicyType", "Custom"), ("VersionId", "v1"),
        ("PolicyDocument", RamTestStore.Allow), ("AssumeRolePolicyDocument", RamTestStore.Trust), ("UserAccessKeyId", keyId),
        ("Status", "Inactive"), ("NewDescription", "x"),
    ];
}

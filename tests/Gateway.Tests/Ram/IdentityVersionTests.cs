using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>
/// Which write raises the identity version of whom (decisions.md D3): alice holds policy <c>own</c> and is in group <c>devs</c>,
/// which holds <c>shared</c>; role <c>ci</c> holds <c>shared</c> too; bob holds nothing.
/// </summary>
public sealed class IdentityVersionTests : IAsyncLifetime
{
    private const string Other = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"kms:*","Resource":"*"}]}""";

    private RamTestStore ram = null!;
    private string keyId = string.Empty;

    /// <summary>Name of the write, its action, its parameters as name=value, and who is raised: a(lice), b(ob), c(i), r(oot).</summary>
    public static TheoryData<string, string, string> Writes { get; } = new()
    {
        { "CreateUser", "UserName=new", "" },
        { "UpdateUser", "UserName=alice;NewComments=x;NewDisplayName=y", "" },
        { "UpdateUser", "UserName=alice;NewUserName=alicia", "a" },
        { "UpdateUser", "UserName=alice;NewUserName=Alice", "a" },
        { "CreateAccessKey", "UserName=alice", "" },
        { "UpdateAccessKey", "UserName=alice;UserAccessKeyId=*;Status=Inactive", "a" },
        { "UpdateAccessKey", "UserName=alice;UserAccessKeyId=*;Status=Active", "" },
        { "DeleteAccessKey", "UserName=alice;UserAccessKeyId=*", "a" },
        { "CreatePolicy", "PolicyName=new", "" },
        { "UpdatePolicyDescription", "PolicyName=shared;NewDescription=x", "" },
        { "CreatePolicyVersion", "PolicyName=shared", "" },
        { "CreatePolicyVersion", "PolicyName=own;SetAsDefault=true", "a" },
        { "CreatePolicyVersion", "PolicyName=shared;SetAsDefault=true", "ac" },
        { "SetDefaultPolicyVersion", "PolicyName=shared;VersionId=v2", "ac" },
        { "SetDefaultPolicyVersion", "PolicyName=shared;VersionId=v1", "" },
        { "SetDefaultPolicyVersion", "PolicyName=free;VersionId=v2", "" },
        { "DeletePolicyVersion", "PolicyName=shared;VersionId=v2", "" },
        { "DeletePolicy", "PolicyName=free;CascadingDelete=true", "" },
        { "AttachPolicyToUser", "UserName=bob;PolicyName=shared;PolicyType=Custom", "b" },
        { "AttachPolicyToUser", "UserName=alice;PolicyName=AdministratorAccess;PolicyType=System", "a" },
        { "DetachPolicyFromUser", "UserName=alice;PolicyName=own;PolicyType=Custom", "a" },
        { "AttachPolicyToGroup", "GroupName=devs;PolicyName=free;PolicyType=Custom", "a" },
        { "DetachPolicyFromGroup", "GroupName=devs;PolicyName=shared;PolicyType=Custom", "a" },
        { "AttachPolicyToRole", "RoleName=ci;PolicyName=free;PolicyType=Custom", "c" },
        { "DetachPolicyFromRole", "RoleName=ci;PolicyName=shared;PolicyType=Custom", "c" },
        { "CreateGroup", "GroupName=new", "" },
        { "UpdateGroup", "GroupName=devs;NewComments=x", "" },
        { "UpdateGroup", "GroupName=devs;NewGroupName=ops", "a" },
        { "DeleteGroup", "GroupName=empty", "" },
        { "AddUserToGroup", "GroupName=devs;UserName=bob", "b" },
        { "AddUserToGroup", "GroupName=empty;UserName=alice", "a" },
        { "RemoveUserFromGroup", "GroupName=devs;UserName=alice", "a" },
        { "CreateRole", "RoleName=new", "" },
        { "UpdateRole", "RoleName=ci;NewDescription=x;NewMaxSessionDuration=7200", "" },
        { "UpdateRole", "RoleName=ci;NewAssumeRolePolicyDocument=*", "c" },
        { "DeleteRole", "RoleName=idle", "" },
        { "DeleteUser", "UserName=idle", "" },
    };

    public async Task InitializeAsync()
    {
        ram = await RamTestStore.CreateAsync();
        foreach (var name in new[] { "alice", "bob", "idle" })
        {
            await ram.CreateUserAsync(name);
        }

        await ram.CreateRoleAsync("ci");
        await ram.CreateRoleAsync("idle");
        await ram.CreateGroupAsync("devs");
        await ram.CreateGroupAsync("empty");
        foreach (var name in new[] { "own", "shared", "free" })
        {
            await ram.CreatePolicyAsync(name);
            await ram.CallAsync("CreatePolicyVersion", ("PolicyName", name), ("PolicyDocument", Other));
        }

        await ram.AttachAsync("alice", "own");
        await ram.CallAsync("AddUserToGroup", ("UserName", "alice"), ("GroupName", "devs"));
        await ram.CallAsync("AttachPolicyToGroup", ("GroupName", "devs"), ("PolicyName", "shared"), ("PolicyType", "Custom"));
        await ram.CallAsync("AttachPolicyToRole", ("RoleName", "ci"), ("PolicyName", "shared"), ("PolicyType", "Custom"));
        keyId = (await ram.CreateKeyAsync("alice")).Id;
    }

    public Task DisposeAsync()
    {
        ram.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Write_Done_RaisesExactlyWhomItCanConcern(string action, string parameters, string raised)
    {
        var identities = await IdentitiesAsync();
        var before = await VersionsAsync(identities);
        await ram.CallAsync(action, Parameters(action, parameters));
        var after = await VersionsAsync(identities);

        Assert.All(before.Keys, who => Assert.True(after[who] >= before[who], $"the version of {who} fell"));
        Assert.Equal(raised, string.Concat(before.Keys.Order().Where(who => after[who] != before[who])));
    }

    [Fact]
    public void Writes_Table_HoldsEveryActionThatWrites()
    {
        using var store = RamStore.Open(ram.Path + ".other", new RamStoreSettings(ram.Clock));
        var writing = RamActions.All(store).Select(handler => handler.Action)
            .Where(action => !action.StartsWith("Get", StringComparison.Ordinal) && !action.StartsWith("List", StringComparison.Ordinal));
        Assert.Equal(writing.Order(StringComparer.Ordinal), Writes.Select(row => (string)row[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Version_AfterEveryKindOfChange_NeverRepeats()
    {
        var alice = (await IdentitiesAsync())['a'];
        var seen = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            await ram.DetachAsync("alice", "own");
            seen.Add((await ram.PoliciesAsync(alice)).Version);
            await ram.CallAsync("RemoveUserFromGroup", ("UserName", "alice"), ("GroupName", "devs"));
            seen.Add((await ram.PoliciesAsync(alice)).Version);
            await ram.CallAsync("AddUserToGroup", ("UserName", "alice"), ("GroupName", "devs"));
            seen.Add((await ram.PoliciesAsync(alice)).Version);
            await ram.AttachAsync("alice", "own");
            seen.Add((await ram.PoliciesAsync(alice)).Version);
            await ram.CallAsync("SetDefaultPolicyVersion", ("PolicyName", "shared"), ("VersionId", round % 2 == 0 ? "v2" : "v1"));
            seen.Add((await ram.PoliciesAsync(alice)).Version);
        }

        Assert.Equal(seen.Order().Distinct(), seen);
    }

    [Fact]
    public async Task Version_AfterARestart_IsTheSame()
    {
        var identities = await IdentitiesAsync();
        var before = await VersionsAsync(identities);
        ram.Reopen();
        Assert.Equal(before, await VersionsAsync(identities));
    }

    private (string, object)[] Parameters(string action, string text)
    {
        var given = text.Split(';').Select(pair => pair.Split('=')).Select(pair => (Name: pair[0], Text: pair[1]));
        var values = given.Select(pair => (pair.Name, pair switch
        {
            { Text: "*", Name: "UserAccessKeyId" } => keyId,
            { Text: "*" } => RamTestStore.Trust.Replace(":root", ":user/alice", StringComparison.Ordinal),
            { Text: "true" } => true,
            { Name: "NewMaxSessionDuration" } => 7200,
            _ => (object)pair.Text,
        })).ToList();
        if (action is "CreatePolicy" or "CreatePolicyVersion")
        {
            values.Add(("PolicyDocument", Other));
        }

        if (action == "CreateRole")
        {
            values.Add(("AssumeRolePolicyDocument", RamTestStore.Trust));
        }

        return [.. values];
    }

    private async Task<Dictionary<char, Identity>> IdentitiesAsync() => new()
    {
        ['a'] = await UserAsync("alice"),
        ['b'] = await UserAsync("bob"),
        ['c'] = new Identity(
            PrincipalKind.RoleSession, RamTestStore.Account, (string)(await ram.CallAsync("GetRole", ("RoleName", "ci")))["Role"]!["RoleId"]!, "ci", "s"),
        ['r'] = ram.Root,
    };

    private async Task<Identity> UserAsync(string name) => new(
        PrincipalKind.User, RamTestStore.Account, (string)(await ram.CallAsync("GetUser", ("UserName", name)))["User"]!["UserId"]!, name);

    private async Task<Dictionary<char, long>> VersionsAsync(Dictionary<char, Identity> identities)
    {
        var versions = new Dictionary<char, long>();
        foreach (var (who, identity) in identities)
        {
            versions[who] = (await ram.PoliciesAsync(identity)).Version;
        }

        return versions;
    }
}

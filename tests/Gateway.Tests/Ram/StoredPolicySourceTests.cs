using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Evaluation;
using Microsoft.Data.Sqlite;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class StoredPolicySourceTests : RamActionsFixture
{
    private const string Second = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}]}""";

    [Fact]
    public async Task Get_UserInGroups_AnswersOwnPoliciesThenThoseOfGroupsIndexForIndex()
    {
        var alice = await Ram.CreateUserAsync("alice");
        await Ram.CreatePolicyAsync("p");
        await Ram.CreatePolicyAsync("q", Second);
        foreach (var (group, policy, type) in new[] { ("zeta", "q", "Custom"), ("alpha", "AliyunKMSFullAccess", "System") })
        {
            await Ram.CreateGroupAsync(group);
            await Ram.CallAsync("AttachPolicyToGroup", ("GroupName", group), ("PolicyName", policy), ("PolicyType", type));
            await Ram.CallAsync("AddUserToGroup", ("GroupName", group), ("UserName", "alice"));
            Ram.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await Ram.AttachAsync("alice", "p");
        await Ram.AttachAsync("alice", "q");

        var found = await Ram.PoliciesAsync(alice);
        Assert.Equal(
            [
                new AttachedPolicy("p", "Custom", "v1", "user/alice"), new AttachedPolicy("q", "Custom", "v1", "user/alice"),
                new AttachedPolicy("q", "Custom", "v1", "group/zeta"), new AttachedPolicy("AliyunKMSFullAccess", "System", "v3", "group/alpha"),
            ],
            found.Attached.ToArray());
        Assert.Equal(
            [RamTestStore.Allow, Second, Second, KmsGateway.Policy.Kms.SystemPolicies.Find("AliyunKMSFullAccess")!.Document.Source],
            found.Policies.Identity.Select(document => document.Source));
    }

    [Fact]
    public async Task Get_DefaultVersionChanged_AnswersOnlyTheNewDocument()
    {
        var alice = await Ram.CreateUserAsync("alice");
        await Ram.CreatePolicyAsync("p");
        await Ram.AttachAsync("alice", "p");
        Assert.Equal(RamTestStore.Allow, Assert.Single((await Ram.PoliciesAsync(alice)).Policies.Identity).Source);
        await Ram.CallAsync("CreatePolicyVersion", ("PolicyName", "p"), ("PolicyDocument", Second), ("SetAsDefault", true));
        var found = await Ram.PoliciesAsync(alice);
        Assert.Equal(Second, Assert.Single(found.Policies.Identity).Source);
        Assert.Equal("v2", Assert.Single(found.Attached).Version);
    }

    [Fact]
    public async Task Get_Unchanged_AnswersTheSameObjectsWithoutTheDatabase()
    {
        var alice = await Ram.CreateUserAsync("alice");
        var (keyId, _) = await Ram.CreateKeyAsync("alice");
        await Ram.CreatePolicyAsync("p");
        await Ram.AttachAsync("alice", "p");
        var policies = await Ram.PoliciesAsync(alice);
        var key = await Ram.FindKeyAsync(keyId);
        await Ram.CreateUserAsync("bob");
        await Ram.AttachAsync("bob", "p");

        // A second program changes the file behind the store's back: what is cached does not look.
        using (var connection = new SqliteConnection($"Data Source={Ram.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM attachments; DELETE FROM access_keys;";
            command.ExecuteNonQuery();
        }

        Assert.Same(policies, await Ram.PoliciesAsync(alice));
        Assert.Same(key, await Ram.FindKeyAsync(keyId));
    }

    [Fact]
    public async Task Get_DocumentSharedByTwoUsers_IsParsedOnce()
    {
        var alice = await Ram.CreateUserAsync("alice");
        var bob = await Ram.CreateUserAsync("bob");
        await Ram.CreatePolicyAsync("p");
        await Ram.AttachAsync("alice", "p");
        await Ram.AttachAsync("bob", "p");
        Assert.Same(
            (await Ram.PoliciesAsync(alice)).Policies.Identity[0], (await Ram.PoliciesAsync(bob)).Policies.Identity[0]);
    }

    [Fact]
    public async Task Get_IdentityOfAnotherAccountOrKind_AnswersNothing()
    {
        var alice = await Ram.CreateUserAsync("alice");
        await Ram.AttachAsync("alice", "AdministratorAccess", "System");
        Assert.Single((await Ram.PoliciesAsync(alice)).Attached);
        foreach (var other in new[]
        {
            alice with { AccountId = "9999999999999999" }, alice with { Kind = PrincipalKind.RoleSession }, alice with { Id = "200000000000000000" },
        })
        {
            var found = await Ram.PoliciesAsync(other);
            Assert.Same(PolicySet.Empty, found.Policies);
            Assert.Empty(found.Attached);
        }
    }

    [Fact]
    public async Task Get_UserNeverSeen_HasNoPoliciesAndAVersion()
    {
        var alice = await Ram.CreateUserAsync("alice");
        var found = await Ram.PoliciesAsync(alice);
        Assert.Same(PolicySet.Empty, found.Policies);
        Assert.True(found.Version > 0);
    }

    [Theory]
    [InlineData("UPDATE policy_versions SET document = '{'")]
    [InlineData("UPDATE attachments SET system_policy = 'Gone', policy_id = NULL")]
    public async Task Get_PolicyThatCannotBeRead_DeniesEverything(string damage)
    {
        var alice = await Ram.CreateUserAsync("alice");
        await Ram.CreatePolicyAsync("p");
        await Ram.AttachAsync("alice", "p");
        await Ram.Store.Database.WriteAsync(writer => writer.Execute(damage), CancellationToken.None);

        var found = await Ram.PoliciesAsync(alice);
        Assert.True(found.Policies.IsInvalid);
        Assert.Empty(found.Attached);
        Assert.True(found.Version > 0);
    }

    [Fact]
    public async Task Get_DisabledAccount_LeavesNoActiveKey()
    {
        await Ram.CreateUserAsync("alice");
        var (keyId, _) = await Ram.CreateKeyAsync("alice");
        Assert.True((await Ram.FindKeyAsync(keyId))!.IsActive);
        await Ram.Store.Database.WriteAsync(
            writer =>
            {
                writer.Execute("UPDATE accounts SET is_active = 0");
                writer.RaiseIdentity(AccountTable.First(writer)!.RootId);
                return true;
            },
            CancellationToken.None);
        Assert.False((await Ram.FindKeyAsync(keyId))!.IsActive);
        Assert.False((await Ram.FindKeyAsync(RamTestStore.RootKeyId))!.IsActive);
    }
}

using System.Globalization;
using System.Text;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Sts;
using KmsGateway.Gateway.Tests.Ram;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Tests.Sts;

/// <summary>Sessions: what opens them, and everything that ends them at once (threats.md 17).</summary>
public sealed class SessionAccessKeySourceTests : SessionFixture
{
    private const string Expired = "InvalidSecurityToken.Expired";

    [Fact]
    public async Task Find_FreshSession_IsTheRolesWithItsSecret()
    {
        var session = await SessionAsync(Alice);
        var key = (await FindAsync(session)).Key!;
        Assert.StartsWith("STS.", key.Id, StringComparison.Ordinal);
        Assert.True(key.IsActive);
        Assert.True(key.Secret.FixedTimeEquals(Encoding.UTF8.GetBytes(session.Secret)));
        Assert.Equal((PrincipalKind.RoleSession, RamTestStore.Account, "ci", "nightly"), (key.Owner.Kind, key.Owner.AccountId, key.Owner.Name, key.Owner.SessionName));
        Assert.Equal(RoleArn("ci"), key.Owner.Arn);
        Assert.Equal($"{key.Owner.Id}:nightly", session.AssumedRoleId);
        Assert.False(key.Session!.IsMfaPresent);
    }

    [Fact]
    public async Task Find_WithoutToken_MissesIt()
    {
        var session = await SessionAsync(Alice);
        var finding = await Source.FindAsync(session.AccessKeyId, null, CancellationToken.None);
        Assert.Equal(("MissingSecurityToken", "SecurityToken is mandatory for this action."), (finding.Refusal!.Error.Code, finding.Refusal.Message));
    }

    [Fact]
    public async Task Find_AnotherSessionsToken_IsAMismatchAndNoToken_IsMalformed()
    {
        var (one, other) = (await SessionAsync(Alice), await SessionAsync(Alice));
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", await StateAsync(one with { Token = other.Token }));
        Assert.Equal("InvalidSecurityToken.Malformed", await StateAsync(one with { Token = "CAIS0000" }));
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", await StateAsync(one with { AccessKeyId = one.AccessKeyId.ToUpperInvariant() }));
    }

    [Fact]
    public async Task Find_LongTermKey_ComesFromTheStore()
    {
        var (id, _) = await Ram.CreateKeyAsync("alice");
        Assert.Equal(Alice, (await Source.FindAsync(id, null, CancellationToken.None)).Key!.Owner);
        Assert.Equal("InvalidAccessKeyId.NotFound", (await Source.FindAsync("LTAInobody", null, CancellationToken.None)).Refusal!.Error.Code);
    }

    [Theory]
    [InlineData(3599, "OK")]
    [InlineData(3600, Expired)]
    public async Task Find_AroundTheExpiry_LivesUntilIt(int seconds, string code)
    {
        var session = await SessionAsync(Alice);
        Assert.Equal(StsApi.Time(Ram.Clock.GetUtcNow().AddSeconds(3600)), session.Expiration);
        Ram.Clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(code, await StateAsync(session));
    }

    [Fact]
    public async Task Find_RoleDeletedAndMadeAgain_IsOver()
    {
        var session = await SessionAsync(Alice);
        await Ram.CallAsync("DeleteRole", ("RoleName", "ci"));
        Assert.Equal(Expired, await StateAsync(session));
        await Ram.CreateRoleAsync("ci");
        Assert.Equal(Expired, await StateAsync(session));
        Assert.Equal("OK", await StateAsync(await SessionAsync(Alice)));
    }

    [Fact]
    public async Task Find_TrustWithdrawnAndGivenBack_IsOverAndAliveAgain()
    {
        var session = await SessionAsync(Alice);
        await UpdateTrustAsync("ci", Users("user/bob"));
        Assert.Equal(Expired, await StateAsync(session));
        await UpdateTrustAsync("ci", Users("user/alice"));
        Assert.Equal("OK", await StateAsync(session));
    }

    [Theory]
    [InlineData(IdentityKind.Role, "ci")]
    [InlineData(IdentityKind.User, "alice")]
    public async Task Find_RoleOrCallerMadeAgainUnderTheSameId_IsOver(string kind, string name)
    {
        var session = await SessionAsync(Alice);
        var id = Ram.Store.Database.Read(reader => IdentityTable.FindByName(reader, RamTestStore.Account, kind, name))!.Id;
        await Ram.CallAsync(kind == IdentityKind.Role ? "DeleteRole" : "DeleteUser", (kind == IdentityKind.Role ? "RoleName" : "UserName", name));
        Ram.Clock.Advance(TimeSpan.FromSeconds(1));
        await Ram.Store.Database.WriteAsync(
            writer =>
            {
                // As a seed does: its ids follow from names.
                IdentityTable.Insert(writer, id, RamTestStore.Account, kind, name, string.Empty);
                if (kind == IdentityKind.Role)
                {
                    RoleTable.Insert(writer, id, RamTestStore.Trust, 3600);
                }

                return true;
            },
            CancellationToken.None);
        Assert.NotEqual("OK", await StateAsync(session));
        Assert.Equal("OK", await StateAsync(await SessionAsync(Alice)));
    }

    [Fact]
    public async Task Find_TrustDemandsWhatTheCallDidNotBring_IsOver()
    {
        var session = await SessionAsync(Alice);
        await UpdateTrustAsync("ci", Users("root"), """{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}""");
        Assert.Equal("OK", await StateAsync(session));
        await UpdateTrustAsync("ci", Users("root"), """{"IpAddress":{"acs:SourceIp":"192.168.0.0/16"}}""");
        Assert.Equal(Expired, await StateAsync(session));
        await UpdateTrustAsync("ci", Users("root"), $$$"""{"StringEquals":{"acs:PrincipalARN":"acs:ram::{{{RamTestStore.Account}}}:user/alice"}}""");
        Assert.Equal("OK", await StateAsync(session));
    }

    [Fact]
    public async Task Find_UserRenamedOrDeleted_GoesByTheNewNameAndEnds()
    {
        await UpdateTrustAsync("ci", Users("user/alice"));
        var session = await SessionAsync(Alice);
        await Ram.CallAsync("UpdateUser", ("UserName", "alice"), ("NewUserName", "carol"));
        Assert.Equal(Expired, await StateAsync(session));
        await UpdateTrustAsync("ci", Users("user/carol"));
        Assert.Equal("OK", await StateAsync(session));
        await Ram.CallAsync("DeleteUser", ("UserName", "carol"));
        await Ram.CreateUserAsync("carol");
        Assert.Equal(Expired, await StateAsync(session));
    }

    [Fact]
    public async Task Find_SessionsRevoked_EndsTheOldAndNotTheNew()
    {
        var (ofCi, ofDeploy) = (await SessionAsync(Alice), await SessionAsync(Alice, "deploy"));
        await Ram.CallAsync("UpdateRole", ("RoleName", "ci"), ("RevokeSessions", true));
        Assert.Equal(Expired, await StateAsync(ofCi));
        Assert.Equal("OK", await StateAsync(ofDeploy));
        Ram.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var fresh = await SessionAsync(Alice);
        Assert.Equal("OK", await StateAsync(fresh));
        await Ram.CallAsync("UpdateRole", ("RoleName", "ci"), ("RevokeSessions", false));
        Assert.Equal("OK", await StateAsync(fresh));
        Ram.Clock.Advance(TimeSpan.FromMinutes(-1));
        await Ram.CallAsync("UpdateRole", ("RoleName", "ci"), ("RevokeSessions", true));
        Assert.Equal(Expired, await StateAsync(fresh));
    }

    [Fact]
    public async Task Find_ChainedSession_FallsWithEveryRoleItWasReachedThrough()
    {
        foreach (var withdraw in new Func<Task>[]
        {
            () => UpdateTrustAsync("ci", Users("user/bob")),
            () => UpdateTrustAsync("deploy", Users("user/alice")),
            () => Ram.CallAsync("UpdateRole", ("RoleName", "ci"), ("RevokeSessions", true)),
            () => Ram.CallAsync("UpdateRole", ("RoleName", "deploy"), ("RevokeSessions", true)),
            () => Ram.CallAsync("DeleteRole", ("RoleName", "ci")),
        })
        {
            await UpdateTrustAsync("ci", Users("user/alice"));
            await UpdateTrustAsync("deploy", Users("role/ci"));
            Ram.Clock.Advance(TimeSpan.FromSeconds(1));
            var chained = await SessionAsync(await IdentityAsync(await SessionAsync(Alice)), "deploy");
            Assert.Equal("OK", await StateAsync(chained));
            await withdraw();
            Assert.Equal(Expired, await StateAsync(chained));
        }
    }

    [Fact]
    public async Task Find_AccountDisabled_IsInactiveAtOnce()
    {
        var session = await SessionAsync(Alice);
        Assert.Equal("OK", await StateAsync(session));
        await Ram.Store.Database.WriteAsync(
            writer =>
            {
                writer.Execute("UPDATE accounts SET is_active = 0");
                writer.RaiseIdentity(AccountTable.First(writer)!.RootId);
                return true;
            },
            CancellationToken.None);
        Assert.Equal("InvalidAccessKeyId.Inactive", await StateAsync(session));
    }

    [Fact]
    public async Task Find_TrustThatCannotBeRead_TrustsNobody()
    {
        var session = await SessionAsync(Alice);
        await Ram.Store.Database.WriteAsync(
            writer =>
            {
                writer.Execute("UPDATE roles SET trust_document = '{'");
                writer.RaiseIdentity(EntityIdOf(session));
                return true;
            },
            CancellationToken.None);
        Assert.Equal(Expired, await StateAsync(session));
    }

    [Fact]
    public async Task Policies_OfASessionWithAPolicy_AreTheRolesUnderIt()
    {
        const string narrow = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";
        await Ram.CallAsync("AttachPolicyToRole", ("RoleName", "ci"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System"));
        var wide = await IdentityAsync(await SessionAsync(Alice));
        var narrowed = await IdentityAsync(await SessionAsync(Alice, more: ("Policy", narrow)));

        Assert.Equal((true, true), (await MayAsync(wide, "kms:Encrypt"), await MayAsync(wide, "kms:Decrypt")));
        Assert.Equal((true, false), (await MayAsync(narrowed, "kms:Encrypt"), await MayAsync(narrowed, "kms:Decrypt")));
        Assert.Same(await Ram.PoliciesAsync(narrowed), await Ram.PoliciesAsync(narrowed));

        await Ram.CallAsync("DetachPolicyFromRole", ("RoleName", "ci"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System"));
        Assert.False(await MayAsync(narrowed, "kms:Encrypt"));
    }

    [Fact]
    public async Task Policies_OfASessionOverAnUnreadableSet_StayInvalid()
    {
        await Ram.CreatePolicyAsync("p");
        await Ram.CallAsync("AttachPolicyToRole", ("RoleName", "ci"), ("PolicyName", "p"), ("PolicyType", "Custom"));
        await Ram.Store.Database.WriteAsync(writer => writer.Execute("UPDATE policy_versions SET document = '{'"), CancellationToken.None);
        var session = await IdentityAsync(await SessionAsync(Alice, more: ("Policy", RamTestStore.Allow)));
        Assert.True((await Ram.PoliciesAsync(session)).Policies.IsInvalid);
    }

    private async Task<bool> MayAsync(Identity session, string action)
    {
        var request = new AuthorizationRequest(
            new PolicyPrincipal(PrincipalType.Role, session.AccountId, session.Name),
            [new PolicyCheck(action, $"acs:kms:cn-hangzhou:{session.AccountId}:key/k", ConditionContext.Empty)]);
        return PolicyEvaluator.Evaluate((await Ram.PoliciesAsync(session)).Policies, request).IsAllowed;
    }

    private static long EntityIdOf(TestSession session) => long.Parse(session.AssumedRoleId.Split(':')[0], CultureInfo.InvariantCulture);
}

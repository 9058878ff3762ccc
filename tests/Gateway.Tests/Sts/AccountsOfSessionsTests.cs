using System.Collections.Immutable;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Sts;
using KmsGateway.Gateway.Sts.Oidc;
using KmsGateway.Gateway.Tests.Ram;
using KmsGateway.Policy.Evaluation;
using PrincipalKind = KmsGateway.Gateway.Authentication.PrincipalKind;

namespace KmsGateway.Gateway.Tests.Sts;

/// <summary>Roles of one account assumed from another (R-EVAL-9, -11; decisions.md D6).</summary>
public sealed class AccountsOfSessionsTests : SessionFixture
{
    private const string Foreign = "2222333344445555";
    private static readonly ActionDescriptor Action = ActionCatalogue.Find(ActionCatalogue.StsVersion, "AssumeRole")!;

    [Fact]
    public async Task Session_OpenedFromAnotherAccount_FallsWithEitherAccountAndItsUser()
    {
        var bob = await CreateForeignUserAsync();
        await UpdateTrustAsync("ci", $$"""{"RAM":"acs:ram::{{Foreign}}:root"}""");
        var session = await SessionAsync(bob);
        Assert.Equal(RamTestStore.Account, (await IdentityAsync(session)).AccountId);

        await SetActiveAsync(Foreign, isActive: false);
        Assert.Equal("InvalidSecurityToken.Expired", await StateAsync(session));
        await SetActiveAsync(Foreign, isActive: true);
        Assert.Equal("OK", await StateAsync(session));
        await SetActiveAsync(RamTestStore.Account, isActive: false);
        Assert.Equal("InvalidAccessKeyId.Inactive", await StateAsync(session));
        await SetActiveAsync(RamTestStore.Account, isActive: true);
        await UpdateTrustAsync("ci", Users("root"));
        Assert.Equal("InvalidSecurityToken.Expired", await StateAsync(session));
    }

    [Fact]
    public async Task Session_OpenedThroughAProvider_FallsWithItsAccountAndItsEntry()
    {
        var provider = new OidcProvider($"acs:ram::{Foreign}:oidc-provider/ci", Foreign, "https://issuer.example", ["client-1"]);
        Providers = [provider];
        OpenSessions();
        await UpdateTrustAsync("ci", $$"""{"Federated":"{{provider.Arn}}"}""");
        var session = OpenFederated(provider);
        Assert.Equal("InvalidSecurityToken.Expired", await StateAsync(session));
        await CreateForeignUserAsync();
        Assert.Equal("OK", await StateAsync(session));
        await SetActiveAsync(Foreign, isActive: false);
        Assert.Equal("InvalidSecurityToken.Expired", await StateAsync(session));
        await SetActiveAsync(Foreign, isActive: true);
        Assert.Equal("OK", await StateAsync(session));

        Providers = [provider with { Arn = provider.Arn + "-2" }];
        OpenSessions();
        Assert.Equal("InvalidSecurityToken.Expired", await StateAsync(session));
        Providers = [provider];
        OpenSessions();
        Assert.Equal("OK", await StateAsync(session));
    }

    [Fact]
    public async Task Trust_RoleThatIsMissing_IsOpenInTheOwnAccountAndClosedInAnother()
    {
        var bob = await CreateForeignUserAsync();
        var trusts = new TrustPolicies(Ram.Store.Standings);
        Assert.Equal(RamTestStore.Trust, trusts.Find(Action, RoleArn("ci"), Alice)!.Source);
        Assert.Equal(RamTestStore.Trust, trusts.Find(Action, RoleArn("ci"), bob)!.Source);
        Assert.True(Judge(trusts, Alice, RoleArn("nothing")));
        Assert.False(Judge(trusts, bob, RoleArn("nothing")));
        Assert.False(Judge(trusts, bob, RoleArn("ci")));
        await UpdateTrustAsync("ci", $$"""{"RAM":"acs:ram::{{Foreign}}:user/bob"}""");
        Assert.True(Judge(trusts, bob, RoleArn("ci")));
        Assert.False(Judge(trusts, Alice, RoleArn("ci")));
        await SetActiveAsync(RamTestStore.Account, isActive: false);
        Assert.False(Judge(trusts, bob, RoleArn("ci")));
    }

    [Fact]
    public void Trust_OfOtherActions_IsNotAsked() => Assert.Null(new TrustPolicies(Ram.Store.Standings).Find(
        ActionCatalogue.Find(ActionCatalogue.RamVersion, "GetRole")!, RoleArn("ci"), Alice));

    /// <summary>A caller whose own side allows everything.</summary>
    private static bool Judge(TrustPolicies trusts, Identity caller, string role)
    {
        var everything = KmsGateway.Policy.Kms.SystemPolicies.Find("AdministratorAccess")!.Document;
        var check = new PolicyCheck(StsApi.AssumeRole, role, ConditionContext.Empty, trusts.Find(Action, role, caller));
        return PolicyEvaluator.Evaluate(
            new PolicySet([everything]), new AuthorizationRequest(new PolicyPrincipal(PrincipalType.User, caller.AccountId, caller.Name), [check])).IsAllowed;
    }

    private TestSession OpenFederated(OidcProvider provider)
    {
        var values = new Dictionary<string, object> { ["RoleSessionName"] = "build", ["DurationSeconds"] = 3600L };
        var caller = new SessionCaller(PrincipalType.Federated, string.Empty, 0, provider.Arn);
        return Read(Issuer.Open(
            Ram.Store.Standings.RoleNamed(RamTestStore.Account, "ci")!,
            new ActionParameters(values.ToImmutableSortedDictionary(StringComparer.Ordinal)),
            new Assumption(caller, SessionLink.CircumstancesOf(Office), [])));
    }

    private Task<Identity> CreateForeignUserAsync() => Ram.Store.Database.WriteAsync(
        writer =>
        {
            AccountTable.Insert(writer, Foreign);
            var id = EntityId.NewUser();
            IdentityTable.Insert(writer, id, Foreign, IdentityKind.User, "bob", string.Empty);
            return new Identity(PrincipalKind.User, Foreign, EntityId.Text(id), "bob");
        },
        CancellationToken.None);

    private async Task SetActiveAsync(string account, bool isActive) => await Ram.Store.Database.WriteAsync(
        writer =>
        {
            writer.Execute("UPDATE accounts SET is_active = @isActive WHERE account_id = @account", new { account, isActive });
            writer.RaiseIdentity(AccountTable.Find(writer, account)!.RootId);
            return true;
        },
        CancellationToken.None);
}

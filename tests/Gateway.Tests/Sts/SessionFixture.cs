using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Sts;
using KmsGateway.Gateway.Sts.Oidc;
using KmsGateway.Gateway.Tests.Ram;
using KmsGateway.Policy.Evaluation;
using PrincipalKind = KmsGateway.Gateway.Authentication.PrincipalKind;

namespace KmsGateway.Gateway.Tests.Sts;

/// <summary>Credentials of a session, as AssumeRole answers them.</summary>
internal sealed record TestSession(string AccessKeyId, string Secret, string Token, string Expiration, string AssumedRoleId);

/// <summary>A store with user alice, roles ci and deploy that trust the account, and the parts that make and open sessions.</summary>
public abstract class SessionFixture : IAsyncLifetime
{
    private protected RamTestStore Ram { get; private set; } = null!;

    private protected IAccessKeySource Source { get; private set; } = null!;

    private protected SessionIssuer Issuer { get; private set; } = null!;

    private protected Identity Alice { get; private set; } = null!;

    /// <summary>What a start finds in its settings.</summary>
    private protected OidcProvider[] Providers { get; set; } = [];

    private GatewayKeys? Keys { get; set; }

    private protected static ConditionContext Office { get; } = new(
    [
        KeyValuePair.Create("acs:SourceIp", ImmutableArray.Create("10.0.0.1")),
        KeyValuePair.Create("acs:MFAPresent", ImmutableArray.Create("false")),
    ]);

    public async Task InitializeAsync()
    {
        Ram = await RamTestStore.CreateAsync();
        OpenSessions();
        Alice = await Ram.CreateUserAsync("alice");
        await Ram.CreateRoleAsync("ci");
        await Ram.CreateRoleAsync("deploy");
    }

    public Task DisposeAsync()
    {
        Keys?.Dispose();
        Ram.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>As a start does.</summary>
    private protected void OpenSessions()
    {
        Keys?.Dispose();
        var opened = new GatewayKeys(Ram.Clock);
        Keys = opened;
        opened.Open(Ram.Store);
        Issuer = new SessionIssuer(Ram.Store, opened, Ram.Clock);
        var trust = new SessionTrust(Ram.Store.Standings, new OidcProviders(Providers, Ram.Store.Standings));
        Source = new SessionAccessKeySource(Ram.Store.AccessKeys, opened.SessionsFor, trust, Ram.Clock);
    }

    private protected async Task<JsonObject> AssumeAsync(
        Identity caller, string role, ConditionContext? context = null, params (string Name, object Value)[] more)
    {
        var values = new (string Name, object Value)[] { ("RoleArn", RoleArn(role)), ("RoleSessionName", "nightly"), ("DurationSeconds", 3600L) }
            .Concat(more).GroupBy(pair => pair.Name).ToImmutableSortedDictionary(pairs => pairs.Key, pairs => pairs.Last().Value, StringComparer.Ordinal);
        return await new AssumeRole(Ram.Store.Standings, Issuer).HandleAsync(
            new GatewayActionCall(caller, new ActionParameters(values)) { Context = context ?? Office }, CancellationToken.None);
    }

    private protected async Task<TestSession> SessionAsync(
        Identity caller, string role = "ci", ConditionContext? context = null, params (string Name, object Value)[] more) =>
        Read(await AssumeAsync(caller, role, context, more));

    private protected static TestSession Read(JsonObject answer)
    {
        var credentials = answer["Credentials"]!;
        return new TestSession(
            (string)credentials["AccessKeyId"]!, (string)credentials["AccessKeySecret"]!, (string)credentials["SecurityToken"]!,
            (string)credentials["Expiration"]!, (string)answer["AssumedRoleUser"]!["AssumedRoleId"]!);
    }

    private protected async Task<AccessKeyFinding> FindAsync(TestSession session) =>
        await Source.FindAsync(session.AccessKeyId, session.Token, CancellationToken.None);

    /// <summary>Whose session it is, for calling on.</summary>
    private protected async Task<Identity> IdentityAsync(TestSession session) => (await FindAsync(session)).Key!.Owner;

    /// <summary>The code that the session is refused with; OK while it is good.</summary>
    private protected async Task<string> StateAsync(TestSession session)
    {
        var finding = await FindAsync(session);
        Assert.NotEqual(finding.Key is null, finding.Refusal is null);
        return finding.Refusal?.Error.Code ?? "OK";
    }

    private protected Task UpdateTrustAsync(string role, string principal, string condition = "{}") => Ram.CallAsync(
        "UpdateRole", ("RoleName", role), ("NewAssumeRolePolicyDocument", Trust(principal, condition)));

    private protected static string Trust(string principal, string condition = "{}") =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{principal}},"Condition":{{condition}}}]}""";

    private protected static string RoleArn(string name) => $"acs:ram::{RamTestStore.Account}:role/{name}";

    private protected static string Users(params string[] names) =>
        $$"""{"RAM":[{{string.Join(',', names.Select(name => $"\"acs:ram::{RamTestStore.Account}:{name}\""))}}]}""";
}

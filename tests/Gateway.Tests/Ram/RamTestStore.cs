using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>A real store in its own directory, initialized and unlocked, and short words for calling its actions.</summary>
internal sealed class RamTestStore : IDisposable
{
    public const string Account = "1234567890123456";
    public const string RootKeyId = "LTAIrootrootrootrootroot";
    public const string RootSecret = "rootsecretrootsecretrootsecret";
    public const string Allow = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";
    public const string Trust =
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}""";

    private readonly TempDirectory directory = new();
    private readonly byte[] dataKey = RandomNumberGenerator.GetBytes(32);
    private ImmutableDictionary<string, IActionHandler> handlers = ImmutableDictionary<string, IActionHandler>.Empty;

    private RamTestStore(RamStoreSettings? settings) =>
        Settings = settings ?? new RamStoreSettings(Clock);

    public TestClock Clock { get; } = new(new DateTimeOffset(2026, 1, 23, 12, 33, 18, TimeSpan.Zero));

    public RamStoreSettings Settings { get; }

    public RamStore Store { get; private set; } = null!;

    public string Path => directory.File("ram.db");

    public string DirectoryPath => directory.Path;

    public Identity Root { get; } = new(PrincipalKind.Root, Account, Account, "root");

    public static Task<RamTestStore> CreateAsync(RamQuotas quotas) =>
        CreateAsync(new RamStoreSettings(TimeProvider.System) { Quotas = quotas });

    public static async Task<RamTestStore> CreateAsync(RamStoreSettings? settings = null)
    {
        var test = new RamTestStore(settings);
        test.Open();
        await test.Store.EnsureAccountAsync(Account, CancellationToken.None);
        using var key = new SecretBuffer(test.dataKey);
        using var secret = new SecretBuffer(Encoding.UTF8.GetBytes(RootSecret));
        var sealingKeys = GatewayKeys.Generate();
        await test.Store.InitializeAsync(
            new RamInitialization(Account, key, "wrapped"u8.ToArray(), sealingKeys)
            {
                RootCredential = new RootCredential(RootKeyId, secret),
            },
            CancellationToken.None);
        test.Unlock();
        return test;
    }

    /// <summary>Ends the store and opens the same file again, as a restart does.</summary>
    public void Reopen()
    {
        Store.Dispose();
        Open();
        Unlock();
    }

    public Task<JsonObject> CallAsync(string action, params (string Name, object Value)[] parameters) => CallAsAsync(Root, action, parameters);

    public Task<JsonObject> CallAsAsync(Identity caller, string action, params (string Name, object Value)[] parameters)
    {
        var values = parameters.ToImmutableSortedDictionary(one => one.Name, one => Value(one.Value), StringComparer.Ordinal);
        return handlers[action].HandleAsync(new GatewayActionCall(caller, new ActionParameters(values)), CancellationToken.None);
    }

    /// <summary>The code and status that a call is refused with.</summary>
    public async Task<(string Code, int Status)> RefusalAsync(string action, params (string Name, object Value)[] parameters)
    {
        var refusal = await Assert.ThrowsAsync<KmsException>(() => CallAsync(action, parameters));
        return (refusal.Error.Code, refusal.Error.HttpStatus);
    }

    public async Task<Identity> CreateUserAsync(string name)
    {
        var answer = await CallAsync("CreateUser", ("UserName", name));
        return new Identity(PrincipalKind.User, Account, (string)answer["User"]!["UserId"]!, name);
    }

    public async Task<Identity> CreateRoleAsync(string name)
    {
        var answer = await CallAsync("CreateRole", ("RoleName", name), ("AssumeRolePolicyDocument", Trust));
        return new Identity(PrincipalKind.RoleSession, Account, (string)answer["Role"]!["RoleId"]!, name, "session");
    }

    public Task CreateGroupAsync(string name) => CallAsync("CreateGroup", ("GroupName", name));

    public Task CreatePolicyAsync(string name, string document = Allow) =>
        CallAsync("CreatePolicy", ("PolicyName", name), ("PolicyDocument", document));

    public Task AttachAsync(string user, string policy, string type = "Custom") =>
        CallAsync("AttachPolicyToUser", ("UserName", user), ("PolicyName", policy), ("PolicyType", type));

    public Task DetachAsync(string user, string policy, string type = "Custom") =>
        CallAsync("DetachPolicyFromUser", ("UserName", user), ("PolicyName", policy), ("PolicyType", type));

    public async Task<(string Id, string Secret)> CreateKeyAsync(string user)
    {
        var key = (await CallAsync("CreateAccessKey", ("UserName", user)))["AccessKey"]!;
        return ((string)key["AccessKeyId"]!, (string)key["AccessKeySecret"]!);
    }

    /// <summary>One text per page of a list: the named member of its items, with commas between.</summary>
    public async Task<List<string>> PagesAsync(
        string action, string outer, string inner, string member, int items, params (string Name, object Value)[] parameters)
    {
        var pages = new List<string>();
        string? marker = null;
        do
        {
            (string, object)[] paging = marker is null ? [("MaxItems", items)] : [("MaxItems", items), ("Marker", marker)];
            var page = await CallAsync(action, [.. parameters, .. paging]);
            pages.Add(string.Join(',', page[outer]![inner]!.AsArray().Select(item => (string)item![member]!)));
            marker = (string?)page["Marker"];
            Assert.Equal(marker is not null, (bool)page["IsTruncated"]!);
        }
        while (marker is not null);

        return pages;
    }

    public async Task<AccessKey?> FindKeyAsync(string id) => await Store.AccessKeys.FindAsync(id, CancellationToken.None);

    public async Task<IdentityPolicies> PoliciesAsync(Identity identity) => await Store.Policies.GetAsync(identity, CancellationToken.None);

    /// <summary>Names of the policies that apply, in order.</summary>
    public async Task<string[]> PolicyNamesAsync(Identity identity) =>
        [.. (await PoliciesAsync(identity)).Attached.Select(policy => policy.Name)];

    public void Dispose()
    {
        Store.Dispose();
        directory.Dispose();
    }

    private void Open()
    {
        Store = RamStore.Open(Path, Settings);
        handlers = RamActions.All(Store).ToImmutableDictionary(handler => handler.Action, StringComparer.Ordinal);
    }

    private void Unlock() => Store.Unlock(new SecretBuffer(dataKey));

    private static object Value(object value) => value switch
    {
        int number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        JsonNode node => JsonSerializer.SerializeToElement(node),
        _ => value,
    };
}

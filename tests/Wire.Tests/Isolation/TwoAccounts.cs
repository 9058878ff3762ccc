using System.Globalization;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Xunit;

namespace KmsGateway.Wire.Tests.Isolation;

/// <summary>A service with two accounts: one that owns one thing of every kind, and one that owns nothing.</summary>
public sealed class TwoAccounts : IAsyncLifetime, IDisposable
{
    /// <summary>In descriptions, comments and tags of the owner's things, and in no request of the stranger.</summary>
    public const string Marker = "OnlyTheOwnerMayReadThis";

    /// <summary>The stranger's account.</summary>
    public const string Stranger = "2000000000000002";

    private const string Allow = """{"Version":"1","Statement":[{"Sid":"OnlyTheOwnerMayReadThis","Effect":"Allow","Action":"kms:*","Resource":"*"}]}""";
    private const string Trust =
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1000000000000001:root"]}}]}""";

    private KmsProcess service = null!;

    /// <summary>Root of the owner.</summary>
    internal KmsCaller Owner { get; private set; } = null!;

    /// <summary>Root of the stranger's account, and a user of it with AdministratorAccess.</summary>
    internal IReadOnlyList<KmsCaller> Strangers { get; private set; } = [];

    /// <summary>What is there, by parameter name.</summary>
    public IReadOnlyDictionary<string, string> Existing { get; private set; } = null!;

    /// <summary>The same, with another key: one whose policy lets in a third account, and somebody else of the stranger's.</summary>
    public IReadOnlyDictionary<string, string> Guarded { get; private set; } = null!;

    /// <summary>Of the same shape, and never was.</summary>
    public IReadOnlyDictionary<string, string> Absent { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        service = await KmsProcess.StartAsync(new KmsProcessOptions { Topology = KmsTopology.Embedded }, CancellationToken.None);
        Owner = KmsCaller.Root(service);
        Existing = await MakeAsync();
        Guarded = await GuardAsync(Existing);
        Absent = Imagine(Existing);
        var root = await AccountAsync();
        Strangers = [root, await AdministratorAsync(root)];
    }

    public async Task DisposeAsync() => await service.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        Owner?.Dispose();
        foreach (var stranger in Strangers)
        {
            stranger.Dispose();
        }

        service?.Dispose();
    }

    /// <summary>Everything the owner can see of its own, as one text.</summary>
    public async Task<string> StateAsync()
    {
        var seen = new List<string>();
        foreach (var (action, parameters) in new (string, string[])[]
        {
            ("DescribeKey", ["KeyId"]), ("ListAliases", []), ("ListResourceTags", ["KeyId"]), ("ListKeys", []),
        })
        {
            seen.Add(Stable((await Owner.KmsAsync(action, Select(parameters))).Success));
        }

        foreach (var (action, parameters) in new (string, string[])[]
        {
            ("GetUser", ["UserName"]), ("GetGroup", ["GroupName"]), ("GetRole", ["RoleName"]), ("GetPolicy", ["PolicyName", "PolicyType"]),
            ("ListAccessKeys", ["UserName"]), ("ListPoliciesForUser", ["UserName"]), ("ListUsersForGroup", ["GroupName"]),
            ("ListEntitiesForPolicy", ["PolicyName", "PolicyType"]), ("ListUsers", []), ("ListGroups", []), ("ListRoles", []), ("ListPolicies", []),
            ("ListPolicyVersions", ["PolicyName", "PolicyType"]), ("GetAccountSummary", []),
        })
        {
            seen.Add(Stable((await Owner.RamAsync(action, Select(parameters))).Success));
        }

        return string.Join('\n', seen);
    }

    private static string Stable(JsonNode answer)
    {
        answer.AsObject().Remove("RequestId");
        return answer.ToJsonString();
    }

    private (string, string)[] Select(string[] names) => [.. names.Select(name => (name, Existing[name]))];

    private async Task<IReadOnlyDictionary<string, string>> MakeAsync()
    {
        var key = (string)(await Owner.KmsAsync("CreateKey", ("Description", Marker))).Success["KeyMetadata"]!["KeyId"]!;
        await MustAsync(Owner.KmsAsync("TagResource", ("KeyId", key), ("Tags", $$"""[{"TagKey":"{{Marker}}","TagValue":"x"}]""")));
        await MustAsync(Owner.KmsAsync("CreateAlias", ("KeyId", key), ("AliasName", "alias/of-the-owner")));
        var blob = (string)(await Owner.KmsAsync("Encrypt", ("KeyId", key), ("Plaintext", "aGVsbG8="))).Success["CiphertextBlob"]!;
        await MustAsync(Owner.RamAsync("CreateUser", ("UserName", "owneruser"), ("Comments", Marker)));
        await MustAsync(Owner.RamAsync("CreateGroup", ("GroupName", "ownergroup"), ("Comments", Marker)));
        await MustAsync(Owner.RamAsync("CreateRole", ("RoleName", "ownerrole"), ("AssumeRolePolicyDocument", Trust), ("Description", Marker)));
        await MustAsync(Owner.RamAsync("CreatePolicy", ("PolicyName", "ownerpolicy"), ("PolicyDocument", Allow), ("Description", Marker)));
        await MustAsync(Owner.RamAsync("CreatePolicyVersion", ("PolicyName", "ownerpolicy"), ("PolicyDocument", Allow)));
        await MustAsync(Owner.RamAsync("AddUserToGroup", ("UserName", "owneruser"), ("GroupName", "ownergroup")));
        foreach (var kind in new[] { "User", "Group", "Role" })
        {
            await MustAsync(Owner.RamAsync(
                $"AttachPolicyTo{kind}", ($"{kind}Name", $"owner{kind.ToLowerInvariant()}"), ("PolicyName", "ownerpolicy"), ("PolicyType", "Custom")));
        }

        var accessKey = (string)(await Owner.RamAsync("CreateAccessKey", ("UserName", "owneruser"))).Success["AccessKey"]!["AccessKeyId"]!;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["KeyId"] = key,
            ["CiphertextBlob"] = blob,
            ["AliasName"] = "alias/of-the-owner",
            ["UserName"] = "owneruser",
            ["GroupName"] = "ownergroup",
            ["RoleName"] = "ownerrole",
            ["PolicyName"] = "ownerpolicy",
            ["PolicyType"] = "Custom",
            ["VersionId"] = "v2",
            ["UserAccessKeyId"] = accessKey,
        };
    }

    private static Dictionary<string, string> Imagine(IReadOnlyDictionary<string, string> existing) => new(existing, StringComparer.Ordinal)
    {
        ["KeyId"] = "00000000-1111-4222-8333-444444444444",
        ["CiphertextBlob"] = OfAnotherVersion(existing["CiphertextBlob"]),
        ["AliasName"] = "alias/of-no-owner1",
        ["UserName"] = "absntuser",
        ["GroupName"] = "absntgroup",
        ["RoleName"] = "absntrole",
        ["PolicyName"] = "absntpolicy",
        ["UserAccessKeyId"] = "LTAIabsentabsentabsentab",
    };

    /// <summary>The same blob with another version id in its head.</summary>
    private static string OfAnotherVersion(string blob)
    {
        var bytes = Convert.FromBase64String(blob);
        bytes[30] ^= 0xFF;
        return Convert.ToBase64String(bytes);
    }

    private async Task<IReadOnlyDictionary<string, string>> GuardAsync(IReadOnlyDictionary<string, string> existing)
    {
        const string policy =
            """{"Version":"1","Statement":[{"Sid":"OnlyTheOwnerMayReadThis","Effect":"Allow","Action":"kms:*","Resource":"*","Principal":{"RAM":["acs:ram::2000000000000002:user/somebody","acs:ram::3000000000000003:root"]}}]}""";
        var key = (string)(await Owner.KmsAsync("CreateKey", ("Description", Marker), ("Policy", policy))).Success["KeyMetadata"]!["KeyId"]!;
        await MustAsync(Owner.KmsAsync("TagResource", ("KeyId", key), ("Tags", $$"""[{"TagKey":"{{Marker}}","TagValue":"x"}]""")));
        await MustAsync(Owner.KmsAsync("CreateAlias", ("KeyId", key), ("AliasName", "alias/of-a-guarded")));
        var blob = (string)(await Owner.KmsAsync("Encrypt", ("KeyId", key), ("Plaintext", "aGVsbG8="))).Success["CiphertextBlob"]!;
        return new Dictionary<string, string>(existing, StringComparer.Ordinal) { ["KeyId"] = key, ["CiphertextBlob"] = blob, ["AliasName"] = "alias/of-a-guarded" };
    }

    private async Task<KmsCaller> AccountAsync()
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = await GatewayHost.RunAsync(
            ["accounts", "create", "--account-id", Stranger, "--format", "json", "--show-secret", $"--Kms:DataDirectory={service.GatewayData}"],
            output, error, TimeProvider.System, CancellationToken.None);
        Assert.Equal((0, ""), (exitCode, error.ToString()));
        var made = JsonNode.Parse(output.ToString())!;
        return new KmsCaller(service.Http, (string)made["accessKeyId"]!, (string)made["accessKeySecret"]!);
    }

    private async Task<KmsCaller> AdministratorAsync(KmsCaller root)
    {
        await MustAsync(root.RamAsync("CreateUser", ("UserName", "administrator")));
        await MustAsync(root.RamAsync("AttachPolicyToUser", ("UserName", "administrator"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System")));
        var key = (await root.RamAsync("CreateAccessKey", ("UserName", "administrator"))).Success["AccessKey"]!;
        return new KmsCaller(service.Http, (string)key["AccessKeyId"]!, (string)key["AccessKeySecret"]!);
    }

    private static async Task MustAsync(Task<KmsAnswer> call) => _ = (await call).Success;
}

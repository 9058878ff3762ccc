using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>Holds actions, answers and errors to ram-sts-api.json.</summary>
public sealed class RamSpecificationTests : IAsyncLifetime
{
    private static readonly JsonObject Specification =
        JsonNode.Parse(File.ReadAllText(TestData.Path("ram-sts-api.json")))!.AsObject();

    /// <summary>Sessions are not opened yet.</summary>
    private static readonly string[] NotYet = ["AssumeRole", "AssumeRoleWithOIDC"];

    /// <summary>What the specification does not have; each is a line of deviations.md.</summary>
    private static readonly string[] Beyond = ["2015-05-01 GetAccessKeyLastUsed", "2015-05-01 GetAccountSummary"];

    /// <summary>Of the families, for parameters of DecodeDiagnosticMessage, which the table of operations leaves out.</summary>
    private static readonly string[] Unpublished = ["InvalidParameter.EncodedDiagnosticMessage.Format"];

    private RamTestStore ram = null!;
    private string keyId = string.Empty;
    private Identity alice = null!;

    public static TheoryData<string> Actions { get; } =
        [.. Specification["operations"]!.AsObject().Select(operation => operation.Key).Except(NotYet)];

    public static TheoryData<string> Errors { get; } =
        [.. GatewayErrors.All.Where(error => error.Source == "ram-sts-api.md, Errors").Select(error => error.Code).Except(Unpublished)];

    public async Task InitializeAsync()
    {
        ram = await RamTestStore.CreateAsync();
        alice = await ram.CreateUserAsync("alice");
        await ram.CreateUserAsync("idle");
        foreach (var name in new[] { "ci", "idle" })
        {
            await ram.CallAsync("CreateRole", ("RoleName", name), ("AssumeRolePolicyDocument", RamTestStore.Trust), ("Tag", Tags()));
        }

        await ram.CreateGroupAsync("devs");
        await ram.CreateGroupAsync("idle");
        foreach (var name in new[] { "p", "idle" })
        {
            await ram.CallAsync("CreatePolicy", ("PolicyName", name), ("PolicyDocument", RamTestStore.Allow), ("Tag", Tags()));
        }

        await ram.CallAsync("CreatePolicyVersion", ("PolicyName", "p"), ("PolicyDocument", RamTestStore.Allow));
        await ram.CreateUserAsync("more");
        foreach (var member in new[] { "alice", "more" })
        {
            await ram.CallAsync("AddUserToGroup", ("UserName", member), ("GroupName", "devs"));
        }

        foreach (var kind in new[] { "User", "Group", "Role" })
        {
            await ram.CallAsync($"AttachPolicyTo{kind}", [.. Names(), ("PolicyName", "p"), ("PolicyType", "Custom")]);
        }

        keyId = (await ram.CreateKeyAsync("alice")).Id;
    }

    public Task DisposeAsync()
    {
        ram.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void Handlers_AreTheOperationsOfTheSpecification()
    {
        var handlers = RamActions.All(ram.Store).Select(handler => $"{handler.Version} {handler.Action}");
        var operations = Specification["operations"]!.AsObject()
            .Where(operation => !NotYet.Contains(operation.Key))
            .Select(operation => $"{(string)operation.Value!["version"]!} {operation.Key}")
            .Concat(Beyond);
        Assert.Equal(operations.Order(StringComparer.Ordinal), handlers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Answer_HasExactlyTheMembersOfTheSpecification(string action)
    {
        var answer = await ram.CallAsAsync(action == "GetCallerIdentity" ? alice : ram.Root, action, Parameters(action));
        var expected = Members(Specification["operations"]![action]!["response"]!).Where(member => member != "RequestId=string").ToHashSet(StringComparer.Ordinal);
        if (action == "GetCallerIdentity")
        {
            expected.Remove("RoleId=string");
        }

        var actual = Members(answer, asTypes: true).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Error_HasStatusAndMessageOfTheSpecification(string code)
    {
        var published = Specification["errors"]![code];
        Assert.NotNull(published);
        var error = GatewayErrors.All.Single(error => error.Code == code && error.Source == "ram-sts-api.md, Errors");
        Assert.Equal(((int)published["httpStatus"]!, (string)published["message"]!), (error.HttpStatus, error.Render("<details of the defect>")));
    }

    [Fact]
    public void Errors_ThatAnActionCanMeet_AreAllThere()
    {
        // Left to the catalogue: the syntax of names and texts; without a login or MFA device here: their two conflicts.
        string[] elsewhere = ["NoPermission", "Inactive", "InternalError", "DeleteConflict.User.LoginProfile", "DeleteConflict.User.MFADevice"];
        var ours = GatewayErrors.All.Select(error => error.Code).ToHashSet(StringComparer.Ordinal);
        var missing = Specification["errors"]!.AsObject().Select(error => error.Key)
            .Where(code => !code.StartsWith("InvalidParameter.", StringComparison.Ordinal) && !elsewhere.Contains(code) && !ours.Contains(code));
        Assert.Empty(missing);
    }

    [Fact]
    public void Quotas_Defaults_AreTheLimitsOfTheSpecification()
    {
        var limits = Specification["limits"]!;
        var quotas = new RamQuotas();
        Assert.Equal(
            [
                Limit("users"), Limit("groups"), Limit("roles"), Limit("customPolicies"), Limit("accessKeysPerUser"), Limit("groupsPerUser"),
                Limit("systemPoliciesPerUser"), Limit("customPoliciesPerUser"), Limit("systemPoliciesPerGroup"), Limit("customPoliciesPerGroup"),
                Limit("systemPoliciesPerRole"), Limit("customPoliciesPerRole"), Limit("policyVersions"),
                (int)limits["policyDocumentLength"]!["adopted"]!,
            ],
            new[]
            {
                quotas.Users, quotas.Groups, quotas.Roles, quotas.CustomPolicies, quotas.AccessKeysPerUser, quotas.GroupsPerUser,
                quotas.SystemPoliciesPerUser, quotas.CustomPoliciesPerUser, quotas.SystemPoliciesPerGroup, quotas.CustomPoliciesPerGroup,
                quotas.SystemPoliciesPerRole, quotas.CustomPoliciesPerRole, quotas.PolicyVersions, quotas.PolicyDocumentCharacters,
            });

        int Limit(string name) => (int)limits[name]!;
    }

    private static JsonNode Tags() => JsonNode.Parse("""[{"Key":"k","Value":"v"}]""")!;

    private static (string Name, object Value)[] Names() => [("UserName", "alice"), ("GroupName", "devs"), ("RoleName", "ci")];

    private (string Name, object Value)[] Parameters(string action)
    {
        var what = action switch
        {
            "CreateUser" or "CreateGroup" or "CreateRole" or "CreatePolicy" => "new",
            "DeleteUser" or "DeleteGroup" or "DeleteRole" or "DeletePolicy" => "idle",
            _ => null,
        };
        var isAttach = action.StartsWith("Attach", StringComparison.Ordinal);
        var values = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["UserName"] = what ?? "alice",
            ["GroupName"] = what ?? (action == "AddUserToGroup" ? "idle" : "devs"),
            ["RoleName"] = what ?? "ci",
            ["PolicyName"] = what ?? (isAttach ? "idle" : "p"),
            ["PolicyType"] = "Custom",
            ["PolicyDocument"] = RamTestStore.Allow,
            ["AssumeRolePolicyDocument"] = RamTestStore.Trust,
            ["UserAccessKeyId"] = keyId,
            ["Status"] = "Inactive",
            ["VersionId"] = "v2",
            ["NewDescription"] = "new",
        };
        if (action.StartsWith("List", StringComparison.Ordinal))
        {
            values["MaxItems"] = 1;
        }

        return [.. values.Select(value => (value.Key, value.Value))];
    }

    /// <summary>Paths of all leaves with their types; lists as <c>[]</c>.</summary>
    private static IEnumerable<string> Members(JsonNode? node, bool asTypes = false, string path = "") => node switch
    {
        JsonObject members => members.SelectMany(member =>
            Members(member.Value, asTypes, path.Length == 0 ? member.Key : $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany(item => Members(item, asTypes, $"{path}[]")),
        _ => [$"{path}={(asTypes ? Type(node!) : (string)node!)}"],
    };

    private static string Type(JsonNode leaf) => leaf.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => "number",
        _ => "boolean",
    };
}

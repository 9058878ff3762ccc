using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class RoleActionsTests : RamActionsFixture
{
    private const string OtherTrust =
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:user/alice"]}}]}""";

    [Fact]
    public async Task Role_CreatedUpdatedAndRead_AnswersEveryMember()
    {
        var created = (await Ram.CallAsync(
            "CreateRole",
            ("RoleName", "CI"), ("AssumeRolePolicyDocument", RamTestStore.Trust), ("Description", "d"), ("MaxSessionDuration", 43200),
            ("Tag", JsonNode.Parse("""[{"Key":"k","Value":"v"}]""")!)))["Role"]!;
        var id = (string)created["RoleId"]!;
        Assert.Matches("^3[0-9]{17}$", id);
        AssertJson.Equal(
            $$"""
            {"RoleId":"{{id}}","RoleName":"CI","Arn":"acs:ram::1234567890123456:role/CI","Description":"d","MaxSessionDuration":43200,
             "CreateDate":"2026-01-23T12:33:18Z","AssumeRolePolicyDocument":{{Text(RamTestStore.Trust)}}}
            """,
            created);

        Ram.Clock.Advance(TimeSpan.FromHours(1));
        var common =
            $$"""
            "RoleId":"{{id}}","RoleName":"CI","Arn":"acs:ram::1234567890123456:role/CI","Description":"e","MaxSessionDuration":3600,
            "CreateDate":"2026-01-23T12:33:18Z","UpdateDate":"2026-01-23T13:33:18Z"
            """;
        var full = "{\"Role\":{" + common + ",\"AssumeRolePolicyDocument\":" + Text(OtherTrust) + "}}";
        AssertJson.Equal(
            full,
            await Ram.CallAsync(
                "UpdateRole",
                ("RoleName", "CI"), ("NewAssumeRolePolicyDocument", OtherTrust), ("NewDescription", "e"), ("NewMaxSessionDuration", 3600)));
        AssertJson.Equal(full, await Ram.CallAsync("GetRole", ("RoleName", "CI")));
        AssertJson.Equal(
            "{\"Roles\":{\"Role\":[{" + common + ",\"Tags\":{\"Tag\":[{\"TagKey\":\"k\",\"TagValue\":\"v\"}]}}]},\"IsTruncated\":false}",
            await Ram.CallAsync("ListRoles"));
    }

    [Fact]
    public async Task CreateRole_WithoutDuration_Gets3600()
    {
        await Ram.CreateRoleAsync("r");
        Assert.Equal(3600, (long)(await Ram.CallAsync("GetRole", ("RoleName", "r")))["Role"]!["MaxSessionDuration"]!);
    }

    [Theory]
    [InlineData(3599)]
    [InlineData(43201)]
    public async Task Role_DurationOutOfRange_AnswersInvalidParameter(int seconds)
    {
        await Ram.CreateRoleAsync("r");
        Assert.Equal(
            ("InvalidParameter", 400),
            await Ram.RefusalAsync(
                "CreateRole", ("RoleName", "s"), ("AssumeRolePolicyDocument", RamTestStore.Trust), ("MaxSessionDuration", seconds)));
        Assert.Equal(("InvalidParameter", 400), await Ram.RefusalAsync("UpdateRole", ("RoleName", "r"), ("NewMaxSessionDuration", seconds)));
    }

    [Theory]
    [InlineData("CreateRole", "AssumeRolePolicyDocument")]
    [InlineData("UpdateRole", "NewAssumeRolePolicyDocument")]
    public async Task Role_IdentityPolicyAsTrust_AnswersMalformedPolicyDocument(string action, string parameter)
    {
        await Ram.CreateRoleAsync("r");
        Assert.Equal(
            ("MalformedPolicyDocument", 400),
            await Ram.RefusalAsync(action, ("RoleName", action == "CreateRole" ? "s" : "r"), (parameter, RamTestStore.Allow)));
    }

    [Fact]
    public async Task CreateRole_TakenNameOrPastTheQuota_IsRefused()
    {
        using var small = await RamTestStore.CreateAsync(new RamQuotas { Roles = 1 });
        await small.CreateRoleAsync("r");
        Assert.Equal(
            ("EntityAlreadyExists.Role", 409),
            await small.RefusalAsync("CreateRole", ("RoleName", "R"), ("AssumeRolePolicyDocument", RamTestStore.Trust)));
        Assert.Equal(
            ("LimitExceeded.Role", 409), await small.RefusalAsync("CreateRole", ("RoleName", "s"), ("AssumeRolePolicyDocument", RamTestStore.Trust)));
    }

    [Theory]
    [InlineData("GetRole")]
    [InlineData("UpdateRole")]
    [InlineData("DeleteRole")]
    public async Task RoleAction_UnknownName_AnswersEntityNotExist(string action) =>
        Assert.Equal(("EntityNotExist.Role", 404), await Ram.RefusalAsync(action, ("RoleName", "nothing")));

    [Fact]
    public async Task DeleteRole_HoldingAPolicy_AnswersDeleteConflict()
    {
        var role = await Ram.CreateRoleAsync("r");
        var policy = new (string, object)[] { ("RoleName", "r"), ("PolicyName", "AdministratorAccess"), ("PolicyType", "System") };
        await Ram.CallAsync("AttachPolicyToRole", policy);
        Assert.Equal(["AdministratorAccess"], await Ram.PolicyNamesAsync(role));
        Assert.Equal(("DeleteConflict.Role.Policy", 409), await Ram.RefusalAsync("DeleteRole", ("RoleName", "r")));
        await Ram.CallAsync("DetachPolicyFromRole", policy);
        AssertJson.Equal("{}", await Ram.CallAsync("DeleteRole", ("RoleName", "r")));
        Assert.Empty(await Ram.PolicyNamesAsync(role));
        Assert.Equal(("EntityNotExist.Role", 404), await Ram.RefusalAsync("GetRole", ("RoleName", "r")));
    }

    [Fact]
    public async Task ListRoles_PagedAndFiltered_AnswersEachOnce()
    {
        foreach (var (name, team) in new[] { ("c", "x"), ("a", "x"), ("b", "y") })
        {
            await Ram.CallAsync(
                "CreateRole",
                ("RoleName", name), ("AssumeRolePolicyDocument", RamTestStore.Trust), ("Tag", JsonNode.Parse($$"""[{"Key":"team","Value":"{{team}}"}]""")!));
        }

        Assert.Equal(["a,b", "c"], await Ram.PagesAsync("ListRoles", "Roles", "Role", "RoleName", 2));
        var filter = ("Tag", (object)JsonNode.Parse("""[{"Key":"team","Value":"x"}]""")!);
        Assert.Equal(["a", "c"], await Ram.PagesAsync("ListRoles", "Roles", "Role", "RoleName", 1, filter));
    }

    [Fact]
    public async Task CreateRole_BadTags_AnswersInvalidParameterAndMakesNothing()
    {
        var refusal = await Assert.ThrowsAsync<KmsException>(() => Ram.CallAsync(
            "CreateRole", ("RoleName", "r"), ("AssumeRolePolicyDocument", RamTestStore.Trust), ("Tag", JsonNode.Parse("""[{"Key":""}]""")!)));
        Assert.Same(GatewayErrors.InvalidParameter, refusal.Error);
        Assert.Equal("Tag", refusal.Argument);
        Assert.Equal(("EntityNotExist.Role", 404), await Ram.RefusalAsync("GetRole", ("RoleName", "r")));
    }

    private static string Text(string document) => JsonValue.Create(document).ToJsonString();
}

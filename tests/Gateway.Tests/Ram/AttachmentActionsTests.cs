using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Kms;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class AttachmentActionsTests : RamActionsFixture
{
    public static TheoryData<string> Kinds { get; } = ["User", "Group", "Role"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AttachAndDetach_CustomAndSystem_AreListedWhileAttached(string kind)
    {
        await PrepareAsync(kind);
        AssertJson.Equal("{}", await Ram.CallAsync($"AttachPolicyTo{kind}", Parameters(kind, "p", "Custom")));
        Ram.Clock.Advance(TimeSpan.FromMinutes(1));
        await Ram.CallAsync($"AttachPolicyTo{kind}", Parameters(kind, "AdministratorAccess", "System"));

        var description = SystemPolicies.Find("AdministratorAccess")!.Description;
        AssertJson.Equal(
            $$$"""
            {"Policies":{"Policy":[
              {"PolicyName":"p","PolicyType":"Custom","Description":"","DefaultVersion":"v1","AttachDate":"2026-01-23T12:33:18Z"},
              {"PolicyName":"AdministratorAccess","PolicyType":"System","Description":"{{{description}}}","DefaultVersion":"v1",
               "AttachDate":"2026-01-23T12:34:18Z"}]}}
            """,
            await Ram.CallAsync($"ListPoliciesFor{kind}", Name(kind)));

        await Ram.CallAsync($"DetachPolicyFrom{kind}", Parameters(kind, "p", "Custom"));
        AssertJson.Equal("{}", await Ram.CallAsync($"DetachPolicyFrom{kind}", Parameters(kind, "AdministratorAccess", "System")));
        AssertJson.Equal("""{"Policies":{"Policy":[]}}""", await Ram.CallAsync($"ListPoliciesFor{kind}", Name(kind)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AttachAndDetach_Twice_AnswerAlreadyAndNot(string kind)
    {
        await PrepareAsync(kind);
        foreach (var (policy, type) in new[] { ("p", "Custom"), ("AdministratorAccess", "System") })
        {
            var parameters = Parameters(kind, policy, type);
            Assert.Equal(($"EntityNotExist.{kind}.Policy", 404), await Ram.RefusalAsync($"DetachPolicyFrom{kind}", parameters));
            await Ram.CallAsync($"AttachPolicyTo{kind}", parameters);
            Assert.Equal(($"EntityAlreadyExists.{kind}.Policy", 409), await Ram.RefusalAsync($"AttachPolicyTo{kind}", parameters));
            await Ram.CallAsync($"DetachPolicyFrom{kind}", parameters);
            Assert.Equal(($"EntityNotExist.{kind}.Policy", 404), await Ram.RefusalAsync($"DetachPolicyFrom{kind}", parameters));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AttachAndDetach_UnknownHolder_AnswersEntityNotExist(string kind)
    {
        await Ram.CreatePolicyAsync("p");
        foreach (var action in new[] { $"AttachPolicyTo{kind}", $"DetachPolicyFrom{kind}", $"ListPoliciesFor{kind}" })
        {
            Assert.Equal(($"EntityNotExist.{kind}", 404), await Ram.RefusalAsync(action, Parameters(kind, "p", "Custom")));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AttachAndDetach_WithResourceGroup_AreRefusedNotWidened(string kind)
    {
        await PrepareAsync(kind);
        var parameters = Parameters(kind, "p", "Custom").Append(("ResourceGroupId", "rg-1")).ToArray();
        Assert.Equal(("InvalidParameter", 400), await Ram.RefusalAsync($"AttachPolicyTo{kind}", parameters));
        Assert.Equal(("InvalidParameter", 400), await Ram.RefusalAsync($"DetachPolicyFrom{kind}", parameters));
        AssertJson.Equal("""{"Policies":{"Policy":[]}}""", await Ram.CallAsync($"ListPoliciesFor{kind}", Name(kind)));
    }

    [Theory]
    [InlineData("User", 2, 3)]
    [InlineData("Group", 3, 2)]
    [InlineData("Role", 1, 2)]
    public async Task Attach_AtAndPastEachLimit_CountsSystemAndCustomApart(string kind, int system, int custom)
    {
        using var small = await RamTestStore.CreateAsync(new RamQuotas
        {
            SystemPoliciesPerUser = 2,
            CustomPoliciesPerUser = 3,
            SystemPoliciesPerGroup = 3,
            CustomPoliciesPerGroup = 2,
            SystemPoliciesPerRole = 1,
            CustomPoliciesPerRole = 2,
        });
        await PrepareAsync(small, kind);
        foreach (var number in Enumerable.Range(0, custom))
        {
            await small.CreatePolicyAsync($"c{number}");
            await small.CallAsync($"AttachPolicyTo{kind}", Parameters(kind, $"c{number}", "Custom"));
        }

        foreach (var policy in SystemPolicies.All.Take(system))
        {
            await small.CallAsync($"AttachPolicyTo{kind}", Parameters(kind, policy.Name, "System"));
        }

        var code = $"LimitExceeded.{kind}.Policy";
        Assert.Equal((code, 409), await small.RefusalAsync($"AttachPolicyTo{kind}", Parameters(kind, "p", "Custom")));
        Assert.Equal((code, 409), await small.RefusalAsync($"AttachPolicyTo{kind}", Parameters(kind, SystemPolicies.All[system].Name, "System")));
        await small.CallAsync($"DetachPolicyFrom{kind}", Parameters(kind, "c0", "Custom"));
        Assert.NotNull(await small.CallAsync($"AttachPolicyTo{kind}", Parameters(kind, "p", "Custom")));
    }

    [Fact]
    public async Task ListEntitiesForPolicy_AllKinds_AnswersEach()
    {
        await Ram.CreatePolicyAsync("p");
        var user = await Ram.CreateUserAsync("u");
        await Ram.CreateGroupAsync("g");
        var role = await Ram.CreateRoleAsync("r");
        foreach (var (kind, name) in new[] { ("User", "u"), ("Group", "g"), ("Role", "r") })
        {
            await Ram.CallAsync($"AttachPolicyTo{kind}", ($"{kind}Name", name), ("PolicyName", "p"), ("PolicyType", "Custom"));
        }

        AssertJson.Equal(
            $$$"""
            {"Users":{"User":[{"UserId":"{{{user.Id}}}","UserName":"u","DisplayName":"","AttachDate":"2026-01-23T12:33:18Z"}]},
             "Groups":{"Group":[{"GroupName":"g","Comments":"","AttachDate":"2026-01-23T12:33:18Z"}]},
             "Roles":{"Role":[{"RoleId":"{{{role.Id}}}","RoleName":"r","Arn":"acs:ram::1234567890123456:role/r","Description":"",
                               "AttachDate":"2026-01-23T12:33:18Z"}]}}
            """,
            await Ram.CallAsync("ListEntitiesForPolicy", ("PolicyName", "p"), ("PolicyType", "Custom")));
    }

    [Fact]
    public async Task ListEntitiesForPolicy_SystemPolicyNobodyHolds_AnswersThreeEmptyLists() =>
        AssertJson.Equal(
            """{"Users":{"User":[]},"Groups":{"Group":[]},"Roles":{"Role":[]}}""",
            await Ram.CallAsync("ListEntitiesForPolicy", ("PolicyName", "AdministratorAccess"), ("PolicyType", "System")));

    private static (string Name, object Value) Name(string kind) => ($"{kind}Name", "holder");

    private static (string Name, object Value)[] Parameters(string kind, string policy, string type) =>
        [Name(kind), ("PolicyName", policy), ("PolicyType", type)];

    private static async Task PrepareAsync(RamTestStore ram, string kind)
    {
        await ram.CallAsync($"Create{kind}", Name(kind), ("AssumeRolePolicyDocument", RamTestStore.Trust));
        await ram.CreatePolicyAsync("p");
    }

    private Task PrepareAsync(string kind) => PrepareAsync(Ram, kind);
}

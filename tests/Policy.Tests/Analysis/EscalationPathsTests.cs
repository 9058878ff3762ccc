using System.Collections.Immutable;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Policy.Tests.Analysis;

public sealed class EscalationPathsTests
{
    private const string Key1 = "acs:kms:cn-hangzhou:1:key/k1";
    private const string Key2 = "acs:kms:cn-hangzhou:1:key/k2";
    private const string Alias = "acs:kms:cn-hangzhou:1:alias/app";

    /// <summary>What alice may do besides reading, the rule that follows from it, and as whom she ends.</summary>
    public static TheoryData<string, string, string> Rows => new()
    {
        { Allow("ram:AttachPolicyToUser", "*"), "AttachPolicyToUser", "user/alice" },
        { Allow("ram:AttachPolicyToUser", "acs:ram:*:1:user/alice") + "," + Allow("ram:AttachPolicyToUser", "acs:ram:*:system:policy/*"), "AttachPolicyToUser", "user/alice" },
        { Allow("ram:AttachPolicyToGroup", "*"), "AttachPolicyToGroup", "user/alice" },
        { Allow("ram:CreatePolicyVersion", "acs:ram:*:1:policy/Alice"), "CreatePolicyVersion", "user/alice" },
        { Allow("ram:SetDefaultPolicyVersion", "acs:ram:*:1:policy/*"), "SetDefaultPolicyVersion", "user/alice" },
        { Allow("ram:CreatePolicy", "*") + "," + Allow("ram:AttachPolicyToUser", "acs:ram:*:1:*"), "CreatePolicy", "user/alice" },
        { Allow("ram:AddUserToGroup", "*"), "AddUserToGroup", "user/alice" },
        { Allow("ram:CreateAccessKey", "acs:ram:*:1:user/*"), "CreateAccessKey", "user/root-like" },
        { Allow("ram:CreateLoginProfile", "*"), "CreateLoginProfile", "user/root-like" },
        { Allow("ram:UpdateLoginProfile", "*"), "UpdateLoginProfile", "user/root-like" },
        { Allow("sts:AssumeRole", "acs:ram:*:1:role/ops"), "AssumeRole", "role/ops" },
        { Allow("ram:PassRole", "*"), "PassRole", "role/machine" },
        { Allow("ram:UpdateRole", "*") + "," + Allow("sts:AssumeRole", "acs:ram:*:1:role/machine"), "AssumeRole", "role/machine" },
        { Allow("kms:SetKeyPolicy", Key1), "SetKeyPolicy", "user/alice" },
        { Allow("kms:TagResource", Key1) + "," + Allow("kms:Decrypt", "*", """,{"StringEquals":{"kms:tag/Project":"Apollo"}}"""), "TagResource", "user/alice" },
        { Allow("kms:UntagResource", Key1) + "," + Allow("kms:Decrypt", "*", """,{"StringNotEquals":{"kms:tag/Project":"Zeus"}}"""), "UntagResource", "user/alice" },
        { Allow("kms:UpdateAlias", "*") + "," + Allow("kms:Decrypt", Key2), "UpdateAlias", "user/alice" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Find_OnePermissionTooMuch_TellsThePathAndItsStatements(string statements, string rule, string reached)
    {
        var account = Account(statements);
        var report = EscalationPaths.Find(account, "user/alice");
        var path = report.Paths.FirstOrDefault(one => one.Steps[^1].Rule == rule && one.Reached == reached);
        Assert.True(path is not null, string.Join("; ", report.Paths.Select(one => $"{string.Join(", ", one.Steps.Select(step => $"{step.Actor} {step.Rule}"))} -> {one.Reached}")));
        Assert.True(report.IsComplete);
        AssertHolds(account, path);
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":["ram:Get*","ram:List*","kms:Describe*"],"Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"ram:AttachPolicyToUser","Resource":"acs:ram:*:1:user/*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"ram:UpdateRole","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"ram:CreatePolicy","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"kms:TagResource","Resource":"*"},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"*","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"ram:*","Resource":"*"},{"Effect":"Deny","Action":"ram:*","Resource":"*"}""")]
    public void Find_NothingToGain_FindsNoPath(string statements)
    {
        var report = EscalationPaths.Find(Account(statements), "user/alice");
        Assert.Empty(report.Paths);
        Assert.True(report.IsComplete);
    }

    /// <summary>Two changes in a row: into a group that may attach policies, then attach.</summary>
    [Fact]
    public void Find_GroupThatMayAttach_TellsBothSteps()
    {
        var account = Account(Allow("ram:AddUserToGroup", "acs:ram:*:1:user/alice") + "," + Allow("ram:AddUserToGroup", "acs:ram:*:1:group/managers"));
        var paths = EscalationPaths.Find(account, "user/alice").Paths;
        var longer = Assert.Single(paths, path => path.Steps[^1].Rule == "AttachPolicyToUser");
        Assert.Equal(["AddUserToGroup", "AttachPolicyToUser"], longer.Steps.Select(step => step.Rule));
        Assert.Equal(["managers"], longer.Steps[1].Calls[0].DecidedBy.Select(statement => statement.AttachedTo["group/".Length..]));
        Assert.All(paths, path => AssertHolds(account, path));
    }

    /// <summary>A Deny that binds her, attached to her or to her group, is taken off.</summary>
    [Theory]
    [InlineData("user/alice", "DetachPolicyFromUser")]
    [InlineData("group/staff", "DetachPolicyFromGroup")]
    [InlineData("group/staff", "RemoveUserFromGroup")]
    public void Find_DenyThatCanBeTakenOff_TellsThePath(string holder, string rule)
    {
        var account = Account(Allow($"ram:{rule}", "*") + "," + Allow("kms:*", "*"));
        var fence = new AccountPolicy("Fence", "v1", [KeyValuePair.Create("v1", Document("""{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}"""))]);
        account = account with
        {
            Policies = account.Policies.Add(fence),
            Users = holder == "user/alice" ? account.Users.SetItem(0, account.Users[0] with { Policies = ["Alice", "Fence"], Groups = ["staff"] }) : account.Users.SetItem(0, account.Users[0] with { Groups = ["staff"] }),
            Groups = holder == "group/staff" ? account.Groups.SetItem(0, account.Groups[0] with { Policies = ["Fence"] }) : account.Groups,
        };
        var path = Assert.Single(EscalationPaths.Find(account, "user/alice").Paths, one => one.Gain == EscalationGain.Access && one.Steps[^1].Rule == rule);
        Assert.Equal("kms:Decrypt", path.Gained.Action);
        AssertHolds(account, path);
    }

    [Fact]
    public void Find_WholeAccount_TellsEveryPrincipal()
    {
        var report = EscalationPaths.Find(Account(Allow("sts:AssumeRole", "*")));
        Assert.Equal(["user/alice"], report.Paths.Select(path => path.Principal).Distinct());
        Assert.Throws<ArgumentException>(() => EscalationPaths.Find(Account(Allow("kms:*", "*")), "user/nobody"));
    }

    /// <summary>A condition that the step needs is met by its calls; over the bound nothing is claimed.</summary>
    [Fact]
    public void Find_StepUnderCondition_CallsInThoseCircumstances()
    {
        var account = Account(Allow("ram:AttachPolicyToUser", "*", """,{"Bool":{"acs:MFAPresent":"true"}}"""));
        var path = EscalationPaths.Find(account, "user/alice").Paths[0];
        Assert.All(path.Steps[0].Calls, call => Assert.Contains(call.Call.Context.Entries, entry => entry.Key == "acs:MFAPresent" && entry.Value[0] == "true"));
        Assert.False(EscalationPaths.Find(account, "user/alice", new AnalysisOptions(MaxSteps: 10)).IsComplete);
    }

    private static void AssertHolds(AccountSnapshot account, EscalationPath path)
    {
        var first = path.Steps[0];
        Assert.All(first.Calls, call => Assert.True(account.SubjectOf(Identity(first.Actor)).Decide(call.Call).IsAllowed));
        Assert.All(path.Steps.SelectMany(step => step.Calls), call => Assert.NotEmpty(call.DecidedBy));
        if (path.Gain == EscalationGain.Access)
        {
            var subject = account.SubjectOf(Identity(path.Principal));
            var tags = account.Keys.FirstOrDefault(key => key.Arn == path.Gained.Resource)?.Tags ?? path.Gained.Tags;
            Assert.False(subject.Decide(GainFinder.By(subject.Principal!, path.Gained with { Tags = tags })).IsAllowed);
        }
    }

    private static AccountIdentity Identity(string text) =>
        new(text.StartsWith("user/", StringComparison.Ordinal) ? PrincipalType.User : PrincipalType.Role, text[5..]);

    private static AccountSnapshot Account(string statements)
    {
        var full = SystemPolicies.All.Single(policy => policy.Name == "AdministratorAccess");
        return new AccountSnapshot(
            "1",
            [new("alice", ["Alice"], ["staff"]), new("root-like", [full.Name], [])],
            [new("staff", []), new("admins", [full.Name]), new("managers", ["Attach"])],
            [new("ops", [full.Name], Trust("""{"RAM":"acs:ram::1:root"}""")), new("machine", [full.Name], Trust("""{"Service":"ecs.aliyuncs.com"}"""))],
            [
                new("Alice", "v2", [KeyValuePair.Create("v1", Document(Allow("kms:*", "*"))), KeyValuePair.Create("v2", Document(statements))]),
                new("Attach", "v1", [KeyValuePair.Create("v1", Document(Allow("ram:AttachPolicyToUser", "*")))]),
                new(full.Name, "v1", [KeyValuePair.Create("v1", full.Document)], IsSystem: true),
            ],
            [new(Key1, [KeyValuePair.Create("Project", "Zeus")], null), new(Key2, [], null)],
            [new(Alias, Key1)]);
    }

    private static string Allow(string action, string resource, string condition = "") =>
        $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"{{(condition.Length > 0 ? $",\"Condition\":{condition[1..]}" : "")}}}""";

    private static PolicyDocument Document(string statements) => SmallPolicies.Parse($$"""{"Version":"1","Statement":[{{statements}}]}""", PolicyKind.Identity);

    private static PolicyDocument Trust(string principal) =>
        SmallPolicies.Parse($$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{{principal}},"Action":"sts:AssumeRole"}]}""", PolicyKind.Trust);
}

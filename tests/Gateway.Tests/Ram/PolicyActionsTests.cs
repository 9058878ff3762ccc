using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Kms;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class PolicyActionsTests : RamActionsFixture
{
    private const string Other = """{"Version":"1","Statement":[{"Effect":"Deny","Action":"kms:*","Resource":"*"}]}""";

    [Fact]
    public async Task CreatePolicy_Valid_AnswersItWithVersion1AsDefault()
    {
        AssertJson.Equal(
            """
            {"Policy":{"PolicyName":"Tag-Policy","PolicyType":"Custom","Description":"for Apollo","DefaultVersion":"v1",
             "CreateDate":"2026-01-23T12:33:18Z"}}
            """,
            await Ram.CallAsync(
                "CreatePolicy", ("PolicyName", "Tag-Policy"), ("PolicyDocument", RamTestStore.Allow), ("Description", "for Apollo")));
    }

    [Theory]
    [InlineData("p")]
    [InlineData("P")]
    [InlineData("AdministratorAccess")]
    [InlineData("administratoraccess")]
    public async Task CreatePolicy_NameOfACustomOrSystemPolicyInAnyCase_AnswersEntityAlreadyExists(string name)
    {
        await Ram.CreatePolicyAsync("p");
        Assert.Equal(
            ("EntityAlreadyExists.Policy", 409),
            await Ram.RefusalAsync("CreatePolicy", ("PolicyName", name), ("PolicyDocument", RamTestStore.Allow)));
    }

    [Fact]
    public async Task CreatePolicy_PastTheQuota_AnswersLimitExceeded()
    {
        using var small = await RamTestStore.CreateAsync(new RamQuotas { CustomPolicies = 2 });
        await small.CreatePolicyAsync("a");
        await small.CreatePolicyAsync("b");
        Assert.Equal(
            ("LimitExceeded.Policy", 409), await small.RefusalAsync("CreatePolicy", ("PolicyName", "c"), ("PolicyDocument", RamTestStore.Allow)));
    }

    [Theory]
    [InlineData("{", "")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Maybe","Action":"kms:*","Resource":"*"}]}""", "/Statement/0/Effect: ")]
    [InlineData("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*"}]}""", "/Statement/0: ")]
    [InlineData("""{"Version":"1","Version":"1","Statement":[]}""", "/Version: ")]
    public async Task CreatePolicy_MalformedDocument_AnswersPointerAndDetailOfTheFirstFault(string document, string pointer)
    {
        var refusal = await Assert.ThrowsAsync<KmsException>(() => Ram.CreatePolicyAsync("p", document));
        Assert.Equal(("MalformedPolicyDocument", 400), (refusal.Error.Code, refusal.Error.HttpStatus));
        Assert.StartsWith(pointer, refusal.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Message[pointer.Length..]);
        Assert.Equal(
            ("EntityNotExist.Policy", 404), await Ram.RefusalAsync("GetPolicy", ("PolicyName", "p"), ("PolicyType", "Custom")));
    }

    [Theory]
    [InlineData("CreatePolicy", "PolicyDocument", 6144, "InvalidParameter.PolicyDocument.Length")]
    [InlineData("CreatePolicyVersion", "PolicyDocument", 6144, "InvalidParameter.PolicyDocument.Length")]
    [InlineData("CreateRole", "AssumeRolePolicyDocument", 4096, "InvalidParameter.AssumeRolePolicyDocument.Length")]
    [InlineData("UpdateRole", "NewAssumeRolePolicyDocument", 4096, "InvalidParameter.NewAssumeRolePolicyDocument.Length")]
    public async Task Document_AtTheLimitAndOnePast_PassesAndIsRefused(string action, string parameter, int limit, string code)
    {
        await Ram.CreatePolicyAsync("p");
        await Ram.CreateRoleAsync("r");
        var document = parameter == "PolicyDocument" ? RamTestStore.Allow : RamTestStore.Trust;
        Task<JsonObject> Call(string text) => Ram.CallAsync(
            action, ("PolicyName", action == "CreatePolicy" ? "q" : "p"), ("RoleName", action == "CreateRole" ? "s" : "r"), (parameter, text));

        var refusal = await Assert.ThrowsAsync<KmsException>(() => Call(document + new string(' ', limit - document.Length + 1)));
        Assert.Equal((code, 400), (refusal.Error.Code, refusal.Error.HttpStatus));
        Assert.NotNull(await Call(document + new string(' ', limit - document.Length)));
    }

    [Fact]
    public async Task CreatePolicy_CharactersBeyondTheBasicPlane_CountOnce()
    {
        var head = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"acs:kms:*:*:alias/""";
        const string Tail = "\"}]}";
        var emoji = 6144 - head.Length - Tail.Length;
        var atLimit = head + string.Concat(Enumerable.Repeat("\U0001F511", emoji)) + Tail;
        var past = head + string.Concat(Enumerable.Repeat("\U0001F511", emoji + 1)) + Tail;
        Assert.Equal(
            ("InvalidParameter.PolicyDocument.Length", 400), await Ram.RefusalAsync("CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", past)));
        var refusal = await Record.ExceptionAsync(() => Ram.CreatePolicyAsync("p", atLimit));
        Assert.NotEqual("InvalidParameter.PolicyDocument.Length", (refusal as KmsException)?.Error.Code);
    }

    [Fact]
    public async Task GetPolicy_Custom_AnswersPolicyAndDefaultVersion()
    {
        await Ram.CreatePolicyAsync("p");
        await Ram.CreateUserAsync("alice");
        await Ram.AttachAsync("alice", "p");
        var document = JsonValue.Create(RamTestStore.Allow).ToJsonString();

        AssertJson.Equal(
            $$$"""
            {"Policy":{"PolicyName":"p","PolicyType":"Custom","Description":"","DefaultVersion":"v1","AttachmentCount":1,
              "CreateDate":"2026-01-23T12:33:18Z","UpdateDate":"2026-01-23T12:33:18Z","PolicyDocument":{{{document}}}},
             "DefaultPolicyVersion":{"VersionId":"v1","IsDefaultVersion":true,"CreateDate":"2026-01-23T12:33:18Z","PolicyDocument":{{{document}}}}}
            """,
            await Ram.CallAsync("GetPolicy", ("PolicyName", "p"), ("PolicyType", "Custom")));
    }

    [Fact]
    public async Task GetPolicy_System_AnswersItsFixedContent()
    {
        await Ram.CreateUserAsync("alice");
        await Ram.AttachAsync("alice", "AliyunKMSFullAccess", "System");
        var answer = await Ram.CallAsync("GetPolicy", ("PolicyName", "AliyunKMSFullAccess"), ("PolicyType", "System"));
        var policy = answer["Policy"]!;
        Assert.Equal(
            ("AliyunKMSFullAccess", "System", "v3", 1L),
            ((string)policy["PolicyName"]!, (string)policy["PolicyType"]!, (string)policy["DefaultVersion"]!, (long)policy["AttachmentCount"]!));
        Assert.Equal(SystemPolicies.Find("AliyunKMSFullAccess")!.Document.Source, (string)answer["DefaultPolicyVersion"]!["PolicyDocument"]!);
    }

    [Theory]
    [InlineData("GetPolicy")]
    [InlineData("ListPolicyVersions")]
    [InlineData("ListEntitiesForPolicy")]
    [InlineData("GetPolicyVersion")]
    [InlineData("AttachPolicyToUser")]
    [InlineData("DetachPolicyFromUser")]
    public async Task PolicyAction_WrongTypeOrName_AnswersByTheSpec(string action)
    {
        await Ram.CreateUserAsync("alice");
        await Ram.CreatePolicyAsync("p");
        foreach (var (name, type, code) in new[]
        {
            ("p", "custom", "InvalidParameter.PolicyType"),
            ("p", "System", "EntityNotExist.Policy"),
            ("AdministratorAccess", "Custom", "EntityNotExist.Policy"),
            ("administratoraccess", "System", "EntityNotExist.Policy"),
            ("P", "Custom", "EntityNotExist.Policy"),
        })
        {
            var refusal = await Ram.RefusalAsync(action, ("UserName", "alice"), ("PolicyName", name), ("PolicyType", type), ("VersionId", "v1"));
            Assert.Equal(code, refusal.Code);
        }
    }

    [Fact]
    public async Task ListPolicies_WithoutType_AnswersSystemThenCustomAcrossPages()
    {
        await Ram.CreatePolicyAsync("b");
        await Ram.CreatePolicyAsync("A");
        var expected = SystemPolicies.All.Select(policy => policy.Name).Concat(["A", "b"]);
        foreach (var items in new[] { 1, 2, 5, 1000 })
        {
            var pages = await Ram.PagesAsync("ListPolicies", "Policies", "Policy", "PolicyName", items);
            Assert.Equal(expected, string.Join(',', pages).Split(','));
            Assert.All(pages.SkipLast(1), page => Assert.Equal(items, page.Split(',').Length));
        }
    }

    [Theory]
    [InlineData("System")]
    [InlineData("Custom")]
    public async Task ListPolicies_OneType_AnswersOnlyThat(string type)
    {
        await Ram.CreatePolicyAsync("p");
        var page = await Ram.CallAsync("ListPolicies", ("PolicyType", type));
        Assert.All(page["Policies"]!["Policy"]!.AsArray(), policy => Assert.Equal(type, (string)policy!["PolicyType"]!));
        Assert.NotEmpty(page["Policies"]!["Policy"]!.AsArray());
    }

    [Fact]
    public async Task ListPolicies_UnknownType_AnswersInvalidPolicyType() =>
        Assert.Equal(("InvalidParameter.PolicyType", 400), await Ram.RefusalAsync("ListPolicies", ("PolicyType", "Both")));

    [Fact]
    public async Task ListPolicies_Custom_AnswersEveryMemberWithTags()
    {
        await Ram.CallAsync(
            "CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", RamTestStore.Allow), ("Tag", Tags("""[{"Key":"k 1","Value":"v"},{"Key":"b"}]""")));
        AssertJson.Equal(
            """
            {"Policies":{"Policy":[{"PolicyName":"p","PolicyType":"Custom","Description":"","DefaultVersion":"v1","AttachmentCount":0,
              "CreateDate":"2026-01-23T12:33:18Z","UpdateDate":"2026-01-23T12:33:18Z",
              "Tags":{"Tag":[{"TagKey":"b","TagValue":""},{"TagKey":"k 1","TagValue":"v"}]}}]},"IsTruncated":false}
            """,
            await Ram.CallAsync("ListPolicies", ("PolicyType", "Custom")));
    }

    [Theory]
    [InlineData("""[{"Key":"team","Value":"a"}]""", "p,q")]
    [InlineData("""[{"Key":"team"}]""", "p,q,r")]
    [InlineData("""[{"Key":"team","Value":"a"},{"Key":"stage","Value":"x"}]""", "q")]
    [InlineData("""[{"Key":"Team"}]""", "")]
    [InlineData("""[]""", "p,q,r,s")]
    public async Task ListPolicies_TagFilter_LeavesThoseThatCarryAll(string filter, string expected)
    {
        foreach (var (name, tags) in new[]
        {
            ("p", """[{"Key":"team","Value":"a"}]"""),
            ("q", """[{"Key":"team","Value":"a"},{"Key":"stage","Value":"x"}]"""),
            ("r", """[{"Key":"team","Value":"b"}]"""),
            ("s", """[]"""),
        })
        {
            await Ram.CallAsync("CreatePolicy", ("PolicyName", name), ("PolicyDocument", RamTestStore.Allow), ("Tag", Tags(tags)));
        }

        var page = await Ram.CallAsync("ListPolicies", ("PolicyType", "Custom"), ("Tag", Tags(filter)));
        Assert.Equal(expected, string.Join(',', page["Policies"]!["Policy"]!.AsArray().Select(policy => (string)policy!["PolicyName"]!)));
    }

    [Theory]
    [InlineData("""{"Key":"a"}""")]
    [InlineData("""[{"Key":"a"},{"Key":"a","Value":"b"}]""")]
    [InlineData("""[{"Key":""}]""")]
    [InlineData("""[{"Value":"a"}]""")]
    [InlineData("""[{"Key":"a","Value":1}]""")]
    [InlineData("""[{"Key":"a","Extra":"b"}]""")]
    [InlineData("""["a"]""")]
    public async Task CreatePolicy_BadTags_AnswersInvalidParameter(string tags) =>
        Assert.Equal(
            ("InvalidParameter", 400),
            await Ram.RefusalAsync("CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", RamTestStore.Allow), ("Tag", Tags(tags))));

    [Theory]
    [InlineData(20, 128, true)]
    [InlineData(21, 128, false)]
    [InlineData(20, 129, false)]
    public async Task CreatePolicy_TagsAtAndPastTheLimits_PassAndAreRefused(int count, int length, bool passes)
    {
        var tags = new JsonArray([.. Enumerable.Range(0, count).Select(number => new JsonObject
        {
            ["Key"] = $"{number:D3}".PadRight(length, 'k'),
            ["Value"] = new string('v', length),
        })]);
        var refusal = await Record.ExceptionAsync(() =>
            Ram.CallAsync("CreatePolicy", ("PolicyName", "p"), ("PolicyDocument", RamTestStore.Allow), ("Tag", tags)));
        Assert.Equal(passes ? null : "InvalidParameter", (refusal as KmsException)?.Error.Code);
    }

    [Fact]
    public async Task UpdatePolicyDescription_Known_ChangesOnlyThat()
    {
        await Ram.CreatePolicyAsync("p");
        Ram.Clock.Advance(TimeSpan.FromHours(1));
        AssertJson.Equal(
            """
            {"Policy":{"PolicyName":"p","PolicyType":"Custom","Description":"new","DefaultVersion":"v1","CreateDate":"2026-01-23T12:33:18Z",
             "UpdateDate":"2026-01-23T13:33:18Z"}}
            """,
            await Ram.CallAsync("UpdatePolicyDescription", ("PolicyName", "p"), ("NewDescription", "new")));
    }

    [Theory]
    [InlineData("UpdatePolicyDescription")]
    [InlineData("DeletePolicy")]
    [InlineData("CreatePolicyVersion")]
    [InlineData("SetDefaultPolicyVersion")]
    [InlineData("DeletePolicyVersion")]
    public async Task PolicyWrite_SystemOrUnknownPolicy_AnswersEntityNotExist(string action)
    {
        foreach (var name in new[] { "AdministratorAccess", "nothing" })
        {
            Assert.Equal(
                ("EntityNotExist.Policy", 404),
                await Ram.RefusalAsync(
                    action, ("PolicyName", name), ("NewDescription", "x"), ("PolicyDocument", RamTestStore.Allow), ("VersionId", "v1")));
        }
    }

    [Fact]
    public async Task DeletePolicy_HeldByAll_NamesUserThenGroupThenRoleThenVersions()
    {
        await Ram.CreatePolicyAsync("p");
        await Ram.CallAsync("CreatePolicyVersion", ("PolicyName", "p"), ("PolicyDocument", Other));
        await Ram.CreateUserAsync("u");
        await Ram.CreateGroupAsync("g");
        await Ram.CreateRoleAsync("r");
        var names = new[] { ("UserName", (object)"u"), ("GroupName", "g"), ("RoleName", "r"), ("PolicyName", "p"), ("PolicyType", "Custom") };
        foreach (var kind in new[] { "User", "Group", "Role" })
        {
            await Ram.CallAsync($"AttachPolicyTo{kind}", names);
        }

        foreach (var kind in new[] { "User", "Group", "Role" })
        {
            foreach (var cascading in new[] { false, true })
            {
                Assert.Equal(
                    ($"DeleteConflict.Policy.{kind}", 409), await Ram.RefusalAsync("DeletePolicy", ("PolicyName", "p"), ("CascadingDelete", cascading)));
            }

            await Ram.CallAsync($"DetachPolicyFrom{kind}", names);
        }

        Assert.Equal(("DeleteConflict.Policy.Version", 409), await Ram.RefusalAsync("DeletePolicy", ("PolicyName", "p")));
        AssertJson.Equal("{}", await Ram.CallAsync("DeletePolicy", ("PolicyName", "p"), ("CascadingDelete", true)));
        Assert.Equal(("EntityNotExist.Policy", 404), await Ram.RefusalAsync("GetPolicy", ("PolicyName", "p"), ("PolicyType", "Custom")));
    }

    private static JsonNode Tags(string json) => JsonNode.Parse(json)!;
}

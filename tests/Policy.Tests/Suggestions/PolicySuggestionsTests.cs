using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Suggestions;
using KmsGateway.Policy.Tests.GoldenCases;

namespace KmsGateway.Policy.Tests.Suggestions;

public sealed class PolicySuggestionsTests
{
    private const string Key = "acs:kms:cn-hangzhou:1000000000000001:key/1339cb7d";
    private const string ForeignKey = "acs:kms:cn-hangzhou:2000000000000002:key/1339cb7d";

    private static readonly PolicyPrincipal Alice = new(PrincipalType.User, "1000000000000001", "alice");

    [Fact]
    public void For_MissingTag_TagsTheKey() =>
        AssertFirst(
            [Allow("kms:Decrypt", "*", """{"StringEqualsIgnoreCase":{"kms:tag/Project":"Apollo"}}""")],
            "SetContext kms:tag/Project Apollo");

    /// <summary>A tag belongs to its key: the other key of the call must not get it.</summary>
    [Fact]
    public void For_MissingTagOfOneKey_LeavesTheOtherAlone()
    {
        const string other = "acs:kms:cn-hangzhou:1000000000000001:key/other";
        var tagged = Allow("kms:Decrypt", Key, """{"StringEquals":{"kms:tag/T":"x"}}""");
        var untagged = Allow("kms:Decrypt", other, """{"StringNotEquals":{"kms:tag/T":"x"}}""");
        var policies = new PolicySet([DecisionCase.Parse(tagged, PolicyKind.Identity), DecisionCase.Parse(untagged, PolicyKind.Identity)]);
        var first = PolicySuggestions.For(policies, new AuthorizationRequest(Alice, [Check(Key), Check(other)]))[0];
        Assert.Equal("SetContext kms:tag/T x", Render(Assert.Single(first.Edits)));
        Assert.Empty(first.Request.Checks[1].Context.Entries);
    }

    [Fact]
    public void For_MissingAction_AddsIt() =>
        AssertFirst([Allow("kms:Encrypt", Key)], "AddAction kms:Decrypt ");

    [Fact]
    public void For_OtherResource_AddsIt() =>
        AssertFirst([Allow("kms:Decrypt", "acs:kms:*:*:alias/payroll")], $"AddResource {Key} ");

    [Fact]
    public void For_NoPolicyAtAll_AddsOne() =>
        AssertFirst([], $$"""AddPolicy {"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{{Key}}"}]} """);

    [Fact]
    public void For_NotActionThatExcludes_AddsAStatement() =>
        AssertFirst(
            ["""{"Version":"1","Statement":[{"Effect":"Allow","NotAction":"kms:*","Resource":"*"}]}"""],
            $$"""AddStatement {"Effect":"Allow","Action":"kms:Decrypt","Resource":"{{Key}}"} """);

    [Fact]
    public void For_DenyOutsideTheOffice_CallsFromTheOffice() =>
        AssertFirst(
            [Allow("*", "*"), Deny(["kms:*"], """{"NotIpAddress":{"acs:SourceIp":"10.1.2.3/16"}}""")],
            "SetContext acs:SourceIp 10.1.0.0");

    [Fact]
    public void For_DenyWithoutMfa_UsesMfa() =>
        AssertFirst(
            [Allow("*", "*"), Deny(["kms:*"], """{"Bool":{"acs:MFAPresent":"false"}}""")],
            "SetContext acs:MFAPresent true",
            ("acs:MFAPresent", "false"));

    [Fact]
    public void For_DenyThatListsTheAction_TakesItOut() =>
        AssertFirst([Allow("*", "*"), Deny(["kms:Encrypt", "KMS:Decrypt"])], "RemoveAction kms:Decrypt ");

    [Fact]
    public void For_DenyByWildcard_RemovesThePolicy() =>
        AssertFirst([Allow("*", "*"), Deny(["kms:*", "kms:Decrypt"])], "RemovePolicy  ");

    [Fact]
    public void For_ForeignKeyWithoutPolicy_NeedsBothSides()
    {
        var suggestions = Suggest([], Alice, Check(ForeignKey));
        Assert.Equal(
            [PolicyLayer.Identity, PolicyLayer.Resource],
            suggestions[0].Edits.Select(edit => edit.Place.Layer));
        Assert.Contains("acs:ram::1000000000000001:user/alice", suggestions[0].Edits[1].Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void For_KeyPolicyOfTheWholeAccount_NamesTheUser()
    {
        var key = DecisionCase.Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1000000000000001:*"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);
        var first = Suggest([], Alice, Check(Key) with { ResourcePolicy = key })[0];
        Assert.Equal("AddPrincipal acs:ram::1000000000000001:user/alice ", Render(Assert.Single(first.Edits)));
    }

    [Fact]
    public void For_FullPolicy_AddsAnotherOne()
    {
        const string ending = "\"}}}]}";
        var start = Deny(["ram:*"], """{"StringEquals":{"kms:tag/A":"x"}}""")[..^(ending.Length + 1)];
        var full = start + new string('x', 6144 - start.Length - ending.Length) + ending;
        AssertFirst([full], $$"""AddPolicy {"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"{{Key}}"}]} """);
    }

    [Theory]
    [InlineData(EditKind.AddAction, "kms:Decrypt", "", "add kms:Decrypt to the actions of statement 2 of P")]
    [InlineData(EditKind.AddResource, "acs:kms:*:*:key", "", "add acs:kms:*:*:key to the resources of statement 2 of P")]
    [InlineData(EditKind.AddPrincipal, "acs:ram::1:root", "", "add acs:ram::1:root to the principals of statement 2 of P")]
    [InlineData(EditKind.SetContext, "KMS:tag/Project", "Apollo", "tag the key Project = Apollo")]
    [InlineData(EditKind.SetContext, "acs:SourceIp", "10.0.0.0", "call with acs:SourceIp = 10.0.0.0")]
    [InlineData(EditKind.RemoveContext, "kms:tag/a/b", "", "take the tag a/b off the key")]
    [InlineData(EditKind.DropCondition, "Bool acs:MFAPresent", "", "drop the condition Bool acs:MFAPresent of statement 2 of P")]
    [InlineData(EditKind.RemoveAction, "kms:Decrypt", "", "take kms:Decrypt out of the actions of statement 2 of P")]
    [InlineData(EditKind.RemoveStatement, "", "", "remove statement 2 of P")]
    [InlineData(EditKind.RemovePolicy, "", "", "remove P")]
    [InlineData(EditKind.AddStatement, "{}", "", "add to P the statement {}")]
    [InlineData(EditKind.AddPolicy, "{}", "", "add the identity policy {}")]
    public void Describe_OfEdit_TellsAPersonWhatToDo(EditKind kind, string subject, string value, string text) =>
        Assert.Equal(text, new SuggestedEdit(kind, new StatementReference(PolicyLayer.Identity, -1, 0, 2), subject, value, 0).Describe(_ => "P"));

    [Theory]
    [InlineData("kms:Decrypt", "key/1339cb7d")]
    [InlineData("Decrypt", Key)]
    public void For_MalformedCall_FindsNothing(string action, string resource) =>
        Assert.Empty(Suggest([Allow("*", "*")], Alice, new PolicyCheck(action, resource, ConditionContext.Empty)));

    [Fact]
    public void For_CloudServiceOnAKey_FindsNothing() =>
        Assert.Empty(Suggest([], new PolicyPrincipal(PrincipalType.Service, "", "ecs.aliyuncs.com"), Check(Key)));

    [Fact]
    public void For_AllowedCallOrInvalidSet_FindsNothing()
    {
        Assert.Empty(Suggest([Allow("*", "*")], Alice, Check(Key)));
        Assert.Empty(PolicySuggestions.For(PolicySet.Invalid, new AuthorizationRequest(Alice, [Check(Key)])));
    }

    private static void AssertFirst(string[] identity, string edit, params (string Key, string Value)[] context)
    {
        var suggestions = Suggest(identity, Alice, Check(Key, context));
        Assert.InRange(suggestions.Length, 1, 3);
        Assert.Equal(edit, Render(Assert.Single(suggestions[0].Edits)));
        Assert.All(suggestions, one => Assert.True(one.Decision.IsAllowed));
    }

    private static string Render(SuggestedEdit edit) => $"{edit.Kind} {edit.Subject} {edit.Value}";

    private static ImmutableArray<Suggestion> Suggest(string[] identity, PolicyPrincipal principal, PolicyCheck check) =>
        PolicySuggestions.For(new PolicySet([.. identity.Select(text => DecisionCase.Parse(text, PolicyKind.Identity))]), new AuthorizationRequest(principal, [check]));

    private static PolicyCheck Check(string resource, params (string Key, string Value)[] context) =>
        new("kms:Decrypt", resource, new ConditionContext(context.Select(entry => KeyValuePair.Create(entry.Key, ImmutableArray.Create(entry.Value)))));

    private static string Allow(string action, string resource, string condition = "{}") =>
        $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}","Condition":{{condition}}}]}""";

    private static string Deny(string[] actions, string condition = "{}") =>
        $$"""{"Version":"1","Statement":[{"Effect":"Deny","Action":["{{string.Join("\",\"", actions)}}"],"Resource":"*","Condition":{{condition}}}]}""";
}

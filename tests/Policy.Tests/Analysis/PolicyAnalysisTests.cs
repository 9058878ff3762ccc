using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Tests.Analysis;

public sealed class PolicyAnalysisTests
{
    [Theory]
    [InlineData("kms:*", "*", "kms:Decrypt", "*", Possibility.Yes)]
    [InlineData("kms:*", "acs:kms:*:*:key/a*", "kms:Decrypt", "acs:kms:*:*:key/b*", Possibility.No)]
    [InlineData("kms:*", "acs:kms:*:*:key/a*", "kms:Decrypt", "acs:kms:*:*:key/*b", Possibility.Yes)]
    [InlineData("kms:Describe*", "*", "kms:*Key", "*", Possibility.Yes)]
    [InlineData("kms:Describe*", "*", "kms:*Decrypt", "*", Possibility.Yes)]
    [InlineData("kms:Describe?", "*", "kms:DescribeKey", "*", Possibility.No)]
    [InlineData("kms:*", "acs:kms:*:*:key", "kms:*", "acs:kms:*:*:key/*", Possibility.No)]
    [InlineData("*", "acs:*:*:*:*", "kms:*", "*", Possibility.Yes)]
    public void Can_OneAllow_AnswersByThePatterns(string action, string resource, string askedAction, string askedResource, Possibility expected)
    {
        var subject = Subject(Allow(action, resource));
        var answer = PolicyAnalysis.Can(subject, Action(askedAction), ResourcePattern(askedResource));
        Assert.Equal(expected, answer.Possibility);
        if (answer.Witness is { } witness)
        {
            Assert.Equal(Verdict.Allow, subject.Decide(witness).Verdict);
            Assert.True(Action(askedAction).Covers(witness.Action));
            Assert.True(ResourcePattern(askedResource).Covers(witness.Resource));
        }
    }

    [Fact]
    public void Compare_GrantNarrowedToOneFamily_TellsTheRest()
    {
        var difference = PolicyComparison.Compare(Subject(Allow("kms:*", "*")), Subject(Allow("kms:*", "acs:kms:*:*:key/*")));
        var region = Assert.Single(difference.Regions);
        Assert.Equal(RegionChange.Narrowed, region.Change);
        Assert.Equal("kms:*", region.ActionPattern);
        Assert.Equal("* except acs:kms:*:*:key/*", region.ResourcePattern);
        Assert.Contains("kms:CreateKey", region.Actions);
        Assert.True(difference.IsComplete);
    }

    public static TheoryData<string, string, string> Edits => new()
    {
        {
            """{"Effect":"Allow","Action":"kms:*","Resource":"acs:kms:*:*:key/*"}""",
            """{"Effect":"Allow","Action":"kms:*","Resource":"acs:kms:*:*:key/*"},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*","Condition":{"StringNotEquals":{"kms:tag/Project":"Apollo"}}}""",
            """
            Narrowed kms:Decrypt on acs:kms:*:*:key/* if not StringEquals kms:tag/Project "Apollo"
            DenyAdded kms:Decrypt on * except acs:kms:*:*:key/* if not StringEquals kms:tag/Project "Apollo"
            """
        },
        {
            """{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],"Resource":"*"}""",
            """{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt","kms:GetRandomPassword"],"Resource":"*"}""",
            "Widened kms:GetRandomPassword on *"
        },
        {
            """{"Effect":"Allow","Action":"kms:Decrypt","Resource":"acs:kms:*:*:key/*"}""",
            """{"Effect":"Allow","Action":"kms:Decrypt","Resource":"acs:kms:*:*:key/a*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"acs:kms:*:*:alias/x"}""",
            """
            Widened kms:Decrypt on acs:kms:*:*:alias/x
            Narrowed kms:Decrypt on acs:kms:*:*:key/* except acs:kms:*:*:key/a*
            Narrowed kms:Decrypt on acs:kms:*:*:key/a* if not IpAddress acs:SourceIp "10.0.0.0/8"
            """
        },
        { """{"Effect":"Allow","Action":"kms:D*","Resource":"*"}""", """{"Effect":"Allow","Action":["kms:D*","kms:Decrypt"],"Resource":["*","acs:kms:*:*:key/*"]}""", "" },
        { """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""", """{"Effect":"Allow","NotAction":"kms:Decrypt","Resource":"*"}""", "Widened * except kms:* on *\nNarrowed kms:Decrypt on *" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Compare_OneEdit_ReadsAsAPersonWouldSayIt(string before, string after, string expected)
    {
        var regions = PolicyComparison.Compare(Subject(before), Subject(after)).Regions.Select(region =>
            $"{region.Change} {region.ActionPattern} on {region.ResourcePattern}{(region.Conditions.IsEmpty ? "" : " if ")}{string.Join(" and ", region.Conditions.Select(condition => condition.Text))}");
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', regions));
    }

    [Fact]
    public void Compare_TwoCallers_IsRefused()
    {
        var one = new PolicySubject(new PolicyPrincipal(PrincipalType.User, "1", "a"), PolicySet.Empty);
        var other = new PolicySubject(new PolicyPrincipal(PrincipalType.User, "1", "b"), PolicySet.Empty);
        Assert.Throws<ArgumentException>(() => PolicyComparison.Compare(one, other));
    }

    /// <summary>Nothing limits the account itself on what it owns (R-EVAL-5), and only its own.</summary>
    [Fact]
    public void Can_RootOfTheAccount_DoesEverythingWithItsOwn()
    {
        var root = new PolicySubject(new PolicyPrincipal(PrincipalType.Root, "1", ""), PolicySet.Empty);
        Assert.Equal(Possibility.Yes, PolicyAnalysis.Can(root, Action("kms:Decrypt"), ResourcePattern("acs:kms:*:1:key/a")).Possibility);
        Assert.Equal(Possibility.No, PolicyAnalysis.Can(root, Action("*"), ResourcePattern("acs:kms:*:2:*")).Possibility);
    }

    [Theory]
    [InlineData("acs:kms:*:1:key/a")]
    [InlineData("key/a")]
    [InlineData("acs:kms:cn-hangzhou::key/a")]
    public void Subject_ResourcePolicyOfNoOneResource_IsRefused(string resource) =>
        Assert.Throws<ArgumentException>(() => new PolicySubject(new PolicyPrincipal(PrincipalType.User, "1", "a"), PolicySet.Empty, [new ResourcePolicy(resource, KeyPolicy)]));

    [Fact]
    public void Subject_ResourceWithTwoPolicies_IsRefused()
    {
        var policy = new ResourcePolicy("acs:kms:cn-hangzhou:1:key/a", KeyPolicy);
        Assert.Throws<ArgumentException>(() => new PolicySubject(new PolicyPrincipal(PrincipalType.User, "1", "a"), PolicySet.Empty, [policy, policy]));
    }

    /// <summary>The gateway's model and the evaluator's: what the one never asks, the other may.</summary>
    [Theory]
    [InlineData("""{"Bool":{"acs:MFAPresent":"true"},"StringEquals":{"acs:MFAPresent":"TRUE"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"Bool":{"acs:MFAPresent":"true"},"StringEquals":{"acs:MFAPresent":"TRUE"}}""", CallModel.Any, Possibility.Yes)]
    [InlineData("""{"StringEquals":{"x:k":"a"},"StringLike":{"x:k":"b*"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"StringEquals":{"x:k":"a"},"StringLike":{"x:k":"b*"}}""", CallModel.Any, Possibility.Yes)]
    [InlineData("""{"StringNotLike":{"acs:CurrentTime":"*"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"StringNotLike":{"acs:CurrentTime":"*"}}""", CallModel.Any, Possibility.Yes)]
    [InlineData("""{"StringEquals":{"acs:UserAgent":"x"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"NumericGreaterThan":{"x:n":"9999999999999999999999999999"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"NumericGreaterThan":{"x:n":"0.1"},"NumericLessThan":{"x:n":"0.2"}}""", CallModel.Gateway, Possibility.Yes)]
    [InlineData("""{"NumericGreaterThan":{"x:n":"0.100000000000000000000000001"},"NumericLessThan":{"x:n":"0.100000000000000000000000002"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"DateGreaterThan":{"acs:CurrentTime":"2026-01-01T00:00:00Z"},"DateLessThan":{"acs:CurrentTime":"2026-01-01T00:00:00.0000001Z"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"DateGreaterThan":{"acs:CurrentTime":"9999-12-31T23:59:59.9999999Z"}}""", CallModel.Gateway, Possibility.Yes)]
    [InlineData("""{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"},"NotIpAddress":{"acs:SourceIp":["10.0.0.0/9","10.128.0.0/9"]}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"IpAddress":{"acs:SourceIp":"::ffff:0:0/90"}}""", CallModel.Gateway, Possibility.Yes)]
    [InlineData("""{"NumericEquals":{"x:n":"1"},"StringNotEquals":{"x:n":["1","1.0"]}}""", CallModel.Gateway, Possibility.Yes)]
    [InlineData("""{"NumericEquals":{"x:n":"1"},"StringEquals":{"x:n":"2"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"NumericEquals":{"x:n":"1"},"StringLike":{"x:n":"1?"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"NumericEquals":{"x:n":"1"},"StringLike":{"x:n":"a*"}}""", CallModel.Gateway, Possibility.No)]
    [InlineData("""{"NumericEquals":{"x:n":"1"},"StringLike":{"x:n":"2*"}}""", CallModel.Gateway, Possibility.Unknown)]
    public void Can_OneCondition_AnswersByTheModel(string condition, CallModel model, Possibility expected)
    {
        var subject = Subject($$"""{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{{condition}}}""");
        Assert.Equal(expected, PolicyAnalysis.Can(subject, Action("*"), ResourcePattern("*"), new AnalysisOptions(model)).Possibility);
    }

    private static PolicyDocument KeyPolicy =>
        SmallPolicies.Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);

    private static PolicySubject Subject(params string[] statements) =>
        PolicySubject.OfDocuments(PolicyParser.Parse($$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}""", PolicyKind.Identity).Document!);

    private static string Allow(string action, string resource) => $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}""";

    private static ActionPattern Action(string text) => ActionPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text, nameof(text));

    private static ResourcePattern ResourcePattern(string text) => Policy.Matching.ResourcePattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text, nameof(text));
}

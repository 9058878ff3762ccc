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

    private static PolicySubject Subject(params string[] statements) =>
        PolicySubject.OfDocuments(PolicyParser.Parse($$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}""", PolicyKind.Identity).Document!);

    private static string Allow(string action, string resource) => $$"""{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}""";

    private static ActionPattern Action(string text) => ActionPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text, nameof(text));

    private static ResourcePattern ResourcePattern(string text) => Policy.Matching.ResourcePattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException(text, nameof(text));
}

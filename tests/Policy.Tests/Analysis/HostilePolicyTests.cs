using System.Diagnostics;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>Policies made to cost much: the answer comes within the bounds, or is Unknown; it is never a wrong No.</summary>
public sealed class HostilePolicyTests
{
    /// <summary>The bound is counted in steps, some seconds of work; here only what would never end is caught, on a busy machine too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void Can_ConditionsAroundTheBound_AnswersOrSaysUnknown(int count)
    {
        var allows = Enumerable.Range(0, count).Select(i => Statement("Allow", "kms:Decrypt", "acs:kms:*:*:key/a", KeysAreOne(i)));
        var denies = Enumerable.Range(0, count).Select(i => Statement("Deny", "kms:Decrypt", "acs:kms:*:*:key/a", KeysAreOne(i)));
        var answer = PolicyAnalysis.Can(Subject([.. allows, .. denies]), CallSpace.ParseAction("kms:*"), ResourceSpace.Parse("*"));
        Assert.Equal(count <= AnalysisOptions.MaxConditions ? Possibility.No : Possibility.Unknown, answer.Possibility);
        Assert.Equal(count <= AnalysisOptions.MaxConditions ? UnknownReason.None : UnknownReason.TooManyConditions, answer.Reason);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void Can_AllConditionsOfOneAllow_FindsTheWitness(int count)
    {
        var subject = Subject([Statement("Allow", "kms:Decrypt", "*", KeysAreOne([.. Enumerable.Range(0, count)]))]);
        var answer = PolicyAnalysis.Can(subject, CallSpace.ParseAction("kms:*"), ResourceSpace.Parse("*"));
        Assert.Equal(Possibility.Yes, answer.Possibility);
        Assert.True(subject.Decide(answer.Witness!).IsAllowed);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    public void Compare_ConditionsAroundTheBound_TellsOrSaysUnknownWithAWitness(int count)
    {
        var before = Enumerable.Range(0, count - 1).Select(i => Statement("Allow", "kms:Decrypt", "*", KeysAreOne(i))).ToArray();
        var last = Statement("Allow", "kms:Decrypt", "*", KeysAreOne(count));
        var difference = PolicyComparison.Compare(Subject(before), Subject([.. before, last]));
        var region = Assert.Single(difference.Regions);
        Assert.Equal(count <= AnalysisOptions.MaxConditions ? RegionChange.Widened : RegionChange.Unknown, region.Change);
        Assert.NotNull(region.Witness);
        Assert.NotEqual(Subject(before).Decide(region.Witness).Verdict, Subject([.. before, last]).Decide(region.Witness).Verdict);
    }

    public static TheoryData<string> Floods => new()
    {
        { "acs:kms:*:*:key/*{0}*" },
        { "acs:kms:*:*:key/*a*a*a*{0}*b" },
        { "acs:kms:*:*:key/{0}*" },
        { "acs:kms:*:*:key/{0}" },
        { "acs:kms:*:*:key/?{0}?*?" },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void Compare_HundredsOfPatterns_StaysInItsBounds(string form)
    {
        var statements = Enumerable.Range(0, 200).Select(i => Statement("Allow", i % 3 == 0 ? "kms:*" : "kms:Decrypt", Pattern(form, i))).ToArray();
        var (before, after) = (Subject(statements), Subject([.. statements.Skip(1), Statement("Allow", "kms:Encrypt", "acs:kms:*:*:key/zzz")]));
        var watch = Stopwatch.StartNew();
        var difference = PolicyComparison.Compare(before, after);
        Assert.False(difference.IsEmpty);
        Assert.True(watch.Elapsed < Patience, $"{watch.Elapsed}");
        Assert.All(difference.Regions.Where(region => region.Change != RegionChange.Unknown), region => Assert.NotEqual(before.Decide(region.Witness!).Verdict, after.Decide(region.Witness!).Verdict));
    }

    /// <summary>Twelve conditions on each of a hundred resources: 4,096 circumstances a hundred times.</summary>
    [Fact]
    public void Compare_TwelveConditionsOnManyResources_StaysInItsBounds()
    {
        var shared = Enumerable.Range(0, AnalysisOptions.MaxConditions).Select(i => Statement("Allow", "kms:Decrypt", "*", KeysAreOne(i))).ToArray();
        var own = Enumerable.Range(0, 100).Select(i => Statement("Deny", "kms:Decrypt", $"acs:kms:*:*:key/{i}", KeysAreOne(i % AnalysisOptions.MaxConditions)));
        var watch = Stopwatch.StartNew();
        var difference = PolicyComparison.Compare(Subject(shared), Subject([.. shared, .. own]));
        Assert.False(difference.IsEmpty);
        Assert.True(watch.Elapsed < Patience, $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("acs:kms:*:*:key/*a*b*c*{0}*d*e*f*")]
    [InlineData("acs:kms:?*{0}*?:*{0}*:*a*{0}*b*")]
    public void Can_ManyStars_NeverSaysNoWithoutProof(string form)
    {
        var statements = Enumerable.Range(0, 60).SelectMany(i => new[] { Statement("Allow", "kms:*", Pattern(form, i)), Statement("Deny", "kms:*", Pattern(form, i + 1)) });
        var watch = Stopwatch.StartNew();
        var subject = Subject([.. statements]);
        var answer = PolicyAnalysis.Can(subject, CallSpace.ParseAction("kms:Decrypt"), ResourceSpace.Parse("acs:kms:*:*:key/*"));
        Assert.NotEqual(Possibility.No, answer.Possibility);
        Assert.True(answer.Witness is null || subject.Decide(answer.Witness).IsAllowed);
        Assert.True(watch.Elapsed < Patience, $"{watch.Elapsed}");
    }

    [Fact]
    public void Options_NoSteps_AreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AnalysisOptions(MaxSteps: 0));

    [Fact]
    public void Can_OneStep_IsUnknown() =>
        Assert.Equal(UnknownReason.OutOfSteps, PolicyAnalysis.Can(Subject([Statement("Allow", "*", "*")]), CallSpace.ParseAction("*"), ResourceSpace.Parse("*"), new AnalysisOptions(MaxSteps: 1)).Reason);

    private static string KeysAreOne(params int[] keys) => $"{{\"StringEquals\":{{{string.Join(',', keys.Select(key => $"\"x:k{key}\":\"1\""))}}}}}";

    private static string Pattern(string form, int i) => form.Replace("{0}", $"{(char)('a' + (i % 26))}{i}", StringComparison.Ordinal);

    private static string Statement(string effect, string action, string resource, string? condition = null) =>
        $$"""{"Effect":"{{effect}}","Action":"{{action}}","Resource":"{{resource}}"{{(condition is null ? "" : $",\"Condition\":{condition}")}}}""";

    /// <summary>As many documents as the size limit asks for.</summary>
    private static PolicySubject Subject(IReadOnlyList<string> statements) => PolicySubject.OfDocuments(
        [.. statements.Chunk(20).Select(chunk => SmallPolicies.Parse($$"""{"Version":"1","Statement":[{{string.Join(',', chunk)}}]}""", PolicyKind.Identity))]);
}

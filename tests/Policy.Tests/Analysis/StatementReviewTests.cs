using System.Collections.Immutable;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Tests.Analysis;

public sealed class StatementReviewTests
{
    private const int Cases = 150;
    private const int FullCases = 5_000;

    public static TheoryData<string, int, StatementUse, int> Rows => new()
    {
        { """{"Effect":"Allow","Action":"kms:*","Resource":"*"},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"acs:kms:*:*:key/*"}""", 1, StatementUse.Covered, 0 },
        { """{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}""", 1, StatementUse.Covered, 0 },
        { """{"Effect":"Deny","Action":"kms:*","Resource":"*"},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}""", 1, StatementUse.Shadowed, 0 },
        { """{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/T":"a"},"StringLike":{"kms:tag/T":"b*"}}}""", 1, StatementUse.NeverApplies, -1 },
        { """{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"},{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*","Condition":{"StringLike":{"kms:tag/T":"*"}}}""", 1, StatementUse.NeverApplies, -1 },
        { """{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"},{"Effect":"Allow","NotAction":"*","Resource":"*"}""", 1, StatementUse.NeverApplies, -1 },
        { """{"Effect":"Deny","Action":"kms:*","Resource":"*"},{"Effect":"Deny","Action":"kms:D*","Resource":"*","Condition":{"NotIpAddress":{"acs:SourceIp":"10.0.0.0/8"}}}""", 1, StatementUse.Covered, 0 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Review_OneStatementTooMany_SaysWhyAndByWhich(string statements, int expected, StatementUse use, int by)
    {
        var review = StatementReview.Of(Subject(statements));
        var finding = Assert.Single(review.Findings);
        Assert.Equal((expected, use), (finding.Place.Statement, finding.Use));
        Assert.Equal(by < 0 ? [] : [by], finding.By.Select(place => place.Statement));
        Assert.Empty(review.Undecided);
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","Action":"kms:*","Resource":"*"},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}""")]
    [InlineData("""{"Effect":"Allow","Action":"kms:D*","Resource":"*"},{"Effect":"Allow","Action":"kms:*t","Resource":"*"}""")]
    public void Review_EveryStatementNeeded_FindsNone(string statements) => Assert.Empty(StatementReview.Of(Subject(statements)).Findings);

    [Fact]
    public void Review_TwoAllowsThatTogetherCoverAThird_NamesBoth()
    {
        var review = StatementReview.Of(Subject("""{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}},{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}"""));
        Assert.Equal([0, 1], Assert.Single(review.Findings).By.Select(place => place.Statement));
    }

    /// <summary>All findings may be acted on at once.</summary>
    [Fact]
    public void Review_GeneratedPolicies_LeavingOutAllFindingsChangesNothing()
    {
        var found = 0;
        foreach (var seed in AnalysisRuns.Seeds(Cases, FullCases))
        {
            var made = new SmallPolicies(seed);
            var subject = made.Subject();
            var review = StatementReview.Of(subject);
            found += review.Findings.Length;
            var reduced = review.Findings.Aggregate(ReducedSubject.Of(subject), (left, finding) => left.Without(finding.Place)).Subject;
            foreach (var call in SmallUniverse.Calls(subject, made.Keys, CallModel.Gateway))
            {
                Assert.True(subject.Decide(call).Verdict == reduced.Decide(call).Verdict, $"seed {seed}: {call}");
            }
        }

        Assert.True(found > Cases / 5, $"{found} findings");
    }

    /// <summary>A statement that is not reported changes some call when it is left out.</summary>
    [Fact]
    public void Review_GeneratedPolicies_KeepsOnlyWhatSomeCallNeeds()
    {
        foreach (var seed in AnalysisRuns.Seeds(Cases / 3, FullCases))
        {
            var subject = new SmallPolicies(seed).Subject();
            var review = StatementReview.Of(subject);
            var reduced = review.Findings.Aggregate(ReducedSubject.Of(subject), (left, finding) => left.Without(finding.Place));
            var kept = reduced.Places.Except(review.Findings.Select(finding => finding.Place)).Except(review.Undecided);
            Assert.All(kept, place => Assert.False(PolicyComparison.Compare(reduced.Subject, reduced.Without(place).Subject).IsEmpty, $"seed {seed}: {place}"));
        }
    }

    private static PolicySubject Subject(string statements) =>
        PolicySubject.OfDocuments(SmallPolicies.Parse($$"""{"Version":"1","Statement":[{{statements}}]}""", PolicyKind.Identity));
}

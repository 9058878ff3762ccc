using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Evaluation;

/// <summary>A set that is narrowed after it was compiled is the set that is compiled with its session policy (R-EVAL-7).</summary>
public sealed class SessionSetTests
{
    private const string Narrow = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}""";

    [Fact]
    public void Under_RandomSets_DecidesLikeASetCompiledWithIt()
    {
        var compared = 0;
        for (var seed = 0; seed < 3000; seed++)
        {
            var given = new CaseGenerator(seed).Case();
            if (given.Policies.Session is not { } session)
            {
                continue;
            }

            var narrowed = (given.Policies with { Session = null }).ToPolicySet().Under(PolicyParser.Parse(session, PolicyKind.Session).Document!);
            Assert.Equal(given.Decide(), PolicyEvaluator.Evaluate(narrowed, given.ToRequest()));
            compared++;
        }

        Assert.True(compared > 300, $"{compared}");
    }

    [Fact]
    public void Under_InvalidSet_StaysInvalid() =>
        Assert.Same(PolicySet.Invalid, PolicySet.Invalid.Under(PolicyParser.Parse(Narrow, PolicyKind.Session).Document!));

    [Fact]
    public void Under_DocumentOfAnotherKind_IsRefused() =>
        Assert.Throws<ArgumentException>(() => PolicySet.Empty.Under(PolicyParser.Parse(Narrow, PolicyKind.Identity).Document!));
}

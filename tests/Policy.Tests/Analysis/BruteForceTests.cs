using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>The analysis against every call of a small universe, put to the evaluator one by one.</summary>
public sealed class BruteForceTests
{
    private const int Questions = 1_000;
    private const int Edits = 300;
    private const int FullCases = 20_000;

    [Theory]
    [InlineData(CallModel.Gateway)]
    [InlineData(CallModel.Any)]
    public void Can_GeneratedPolicies_AgreesWithEveryCall(CallModel model)
    {
        var counts = new Dictionary<Possibility, int>();
        foreach (var seed in AnalysisRuns.Seeds(Questions, FullCases))
        {
            var made = new SmallPolicies(seed);
            var subject = made.Subject();
            var (action, resource) = (CallSpace.ParseAction(made.Action()), ResourceSpace.Parse(made.Resource()));
            var answer = PolicyAnalysis.Can(subject, action, resource, new AnalysisOptions(model));
            counts[answer.Possibility] = counts.GetValueOrDefault(answer.Possibility) + 1;
            if (answer.Witness is { } witness)
            {
                Assert.True(subject.Decide(witness).IsAllowed && action.Covers(witness.Action) && resource.Covers(witness.Resource), Tell(seed, subject, witness));
            }
            else if (answer.Possibility == Possibility.No)
            {
                var allowed = SmallUniverse.Calls(subject, made.Keys, model).FirstOrDefault(call => action.Covers(call.Action) && resource.Covers(call.Resource) && subject.Decide(call).IsAllowed);
                Assert.True(allowed is null, Tell(seed, subject, allowed));
            }
        }

        Assert.True(counts[Possibility.Yes] > Questions / 4 && counts[Possibility.No] > Questions / 20, string.Join(", ", counts));
        Assert.InRange(counts.GetValueOrDefault(Possibility.Unknown), 0, counts.Values.Sum() / 20);
    }

    [Theory]
    [InlineData(CallModel.Gateway)]
    [InlineData(CallModel.Any)]
    public void Compare_GeneratedEdits_TellsEveryCallThatChanges(CallModel model)
    {
        var (changed, unknown) = (0, 0);
        foreach (var seed in AnalysisRuns.Seeds(Edits, FullCases))
        {
            var made = new SmallPolicies(seed);
            var before = made.Subject();
            var after = made.Edited(before);
            var difference = PolicyComparison.Compare(before, after, new AnalysisOptions(model));
            changed += difference.IsEmpty ? 0 : 1;
            unknown += difference.IsComplete ? 0 : 1;
            foreach (var region in difference.Regions)
            {
                AssertWitness(seed, before, after, region);
            }

            foreach (var call in SmallUniverse.Calls(before, made.Keys, model))
            {
                AssertCovered(seed, before, after, difference, call);
            }
        }

        Assert.True(changed > Edits / 3, $"{changed} changed");
        Assert.InRange(unknown, 0, changed / 20);
    }

    private static void AssertWitness(int seed, PolicySubject before, PolicySubject after, PolicyRegion region)
    {
        if (region.Change == RegionChange.Unknown)
        {
            Assert.NotEqual(UnknownReason.None, region.Reason);
            return;
        }

        var witness = region.Witness!;
        var verdicts = (before.Decide(witness).Verdict, after.Decide(witness).Verdict);
        Assert.True(verdicts == (region.Before, region.After) && region.Before != region.After, Tell(seed, before, witness));
        Assert.True(region.Covers(witness), $"{Tell(seed, before, witness)} not in {region}");
    }

    private static void AssertCovered(int seed, PolicySubject before, PolicySubject after, PolicyDifference difference, WitnessCall call)
    {
        var covering = difference.Regions.Where(region => region.Covers(call)).ToArray();
        var verdicts = (before.Decide(call).Verdict, after.Decide(call).Verdict);
        var isTold = covering.Length == 1 && (covering[0].Change == RegionChange.Unknown || (covering[0].Before, covering[0].After) == verdicts);
        var isSame = verdicts.Item1 == verdicts.Item2;
        Assert.True(isTold && (!isSame || covering[0].Change == RegionChange.Unknown) || (isSame && covering.Length == 0), $"{verdicts} in {covering.Length} regions: {Tell(seed, before, call)} after {Write(after)}; {string.Join(" | ", difference.Regions.Select(region => $"{region.Change} {region.ActionPattern} on {region.ResourcePattern} if {string.Join(" and ", region.Conditions.Select(condition => condition.Text))}"))}");
    }

    private static string Tell(int seed, PolicySubject subject, WitnessCall? call) =>
        $"seed {seed}: {call?.Action} on {call?.Resource} with {string.Join(", ", call?.Context.Entries.Select(entry => $"{entry.Key}={string.Join('|', entry.Value)}") ?? [])} {string.Join(", ", call?.Tags ?? [])} under {Write(subject)}";

    private static string Write(PolicySubject subject) => string.Join(
        "\n",
        subject.Policies.Identity.Append(subject.Policies.Session).Concat(subject.Policies.Control.SelectMany(level => level)).Concat(subject.ResourcePolicies.Select(policy => policy.Document)).OfType<PolicyDocument>().Select(document => $"{document.Kind} {PolicyWriter.Write(document)}"));
}

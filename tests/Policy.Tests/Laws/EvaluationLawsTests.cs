using System.Text.Json.Nodes;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Tests.Generation;

namespace KmsGateway.Policy.Tests.Laws;

public sealed class EvaluationLawsTests
{
    private const int Count = 10_000;

    [Fact]
    public void AddAllow_ToAnyIdentityPolicy_NeverTurnsAllowIntoDeny() =>
        Law.Holds(Count, seed => !Before(seed).IsAllowed || WithStatement(seed, "Allow").Decide().IsAllowed);

    /// <summary>Threat 11: MinIO CVE-2023-25812, GHSA-jjjj-jwhf-8rgr, a Deny that some path does not look at.</summary>
    [Fact]
    public void AddDeny_ToAnyIdentityPolicy_NeverTurnsDenyIntoAllow() =>
        Law.Holds(Count, seed => Before(seed).IsAllowed || !WithStatement(seed, "Deny").Decide().IsAllowed);

    /// <summary>R-EVAL-6, R-EVAL-7: what bounds a caller never grants.</summary>
    [Fact]
    public void SessionAndControlPolicies_OfAnyCase_OnlyNarrow() =>
        Law.Holds(Count, seed =>
        {
            var given = new CaseGenerator(seed).Case();
            return !Before(seed).IsAllowed || (given with { Policies = given.Policies with { Session = null, Control = [] } }).Decide().IsAllowed;
        });

    [Fact]
    public void Order_OfPoliciesAndStatements_NeverChangesTheVerdict() =>
        Law.Holds(Count, seed =>
        {
            var before = Before(seed);
            var after = Reversed(new CaseGenerator(seed).Case()).Decide();
            return (before.Verdict, before.Layer) == (after.Verdict, after.Layer);
        });

    [Fact]
    public void Repetition_OfEveryIdentityPolicy_ChangesNothing() =>
        Law.Holds(Count, seed =>
        {
            var given = new CaseGenerator(seed).Case();
            return Before(seed) == (given with { Policies = given.Policies with { Identity = [.. given.Policies.Identity, .. given.Policies.Identity] } }).Decide();
        });

    [Fact]
    public void Explanation_OfAnyDecision_NamesTheReportedStatementFirst() =>
        Law.Holds(Count, seed =>
        {
            var given = new CaseGenerator(seed).Case();
            var (policies, request) = (given.Policies.ToPolicySet(), given.ToRequest());
            var decision = PolicyEvaluator.Evaluate(policies, request);
            var explanation = PolicyEvaluator.Explain(policies, request, decision);
            var reported = new StatementReference(decision.Layer, decision.Level, decision.Policy, decision.Statement);
            return (decision.Statement < 0 ? explanation.DecidedBy.IsEmpty : explanation.DecidedBy[0] == reported)
                && explanation.Nearest.All(near => near.MissedBy > 0 && near.Action.IsMet)
                && explanation.Nearest.Length <= 3
                && explanation.Text.Length > 0;
        });

    /// <summary>The explanation looks at every statement without an index; the evaluator must come to the same.</summary>
    [Fact]
    public void Explanation_OfEveryStatement_AgreesWithTheIndex() =>
        Law.Holds(Count, seed =>
        {
            var given = new CaseGenerator(seed).Case();
            var (policies, request) = (given.Policies.ToPolicySet(), given.ToRequest());
            var decision = PolicyEvaluator.Evaluate(policies, request);
            var all = PolicyEvaluator.ExplainAll(policies, request, decision.Check);
            return decision.Layer is not (PolicyLayer.Control or PolicyLayer.Session)
                || FirstOf(all, decision) == (decision.Policy, decision.Statement);
        });

    private static (int Policy, int Statement) FirstOf(IEnumerable<StatementExplanation> all, Decision decision)
    {
        var applicable = all.Where(one => one.MissedBy == 0 && one.Reference.Layer == decision.Layer && one.Reference.Level == decision.Level).ToArray();
        var deny = Array.Find(applicable, one => one.Statement.Effect == StatementEffect.Deny);
        return deny is null ? (-1, -1) : (deny.Reference.Policy, deny.Reference.Statement);
    }

    private static Decision Before(int seed) => new CaseGenerator(seed).Case().Decide();

    /// <summary>The same case with one more statement in one of its identity policies, or in a new one.</summary>
    private static GeneratedCase WithStatement(int seed, string effect)
    {
        var given = new CaseGenerator(seed).Case();
        var more = new CaseGenerator(seed + 1);
        var random = new Random(seed);
        var identity = given.Policies.Identity.ToList();
        var at = random.Next(identity.Count + 1);
        if (at == identity.Count)
        {
            identity.Add("""{"Version":"1","Statement":[]}""");
        }

        var document = JsonNode.Parse(identity[at])!;
        var statements = document["Statement"]!.AsArray();
        statements.Insert(random.Next(statements.Count + 1), more.Statement(given.Checks, effect));
        identity[at] = document.ToJsonString();
        return given with { Policies = given.Policies with { Identity = identity } };
    }

    private static GeneratedCase Reversed(GeneratedCase given) => given with
    {
        Policies = new GeneratedPolicies(
            [.. given.Policies.Identity.Reverse().Select(Reversed)],
            given.Policies.Session is null ? null : Reversed(given.Policies.Session),
            [.. given.Policies.Control.Select(level => level.Reverse().Select(Reversed).ToArray())]),
    };

    private static string Reversed(string text)
    {
        var document = JsonNode.Parse(text)!;
        var statements = document["Statement"]!.AsArray();
        document["Statement"] = new JsonArray([.. statements.Reverse().Select(statement => statement!.DeepClone())]);
        return document.ToJsonString();
    }
}

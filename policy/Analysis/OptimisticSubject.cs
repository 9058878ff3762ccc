using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>
/// A subject that can do at least as much: an Allow applies without its conditions, a Deny with conditions not at all. What the
/// evaluator refuses it in one circumstance, it refuses the real one in all: a wider Allow never turns an allowance into a
/// denial, and neither does a missing Deny.
/// </summary>
internal static class OptimisticSubject
{
    internal static PolicySubject Of(PolicySubject subject)
    {
        var policies = subject.Policies;
        if (policies.IsInvalid)
        {
            return subject;
        }

        var set = new PolicySet(Of(policies.Identity), policies.Session is null ? null : Of(policies.Session), [.. policies.Control.Select(Of)]);
        return subject.With(set, [.. subject.ResourcePolicies.Select(policy => policy with { Document = Of(policy.Document) })]);
    }

    private static ImmutableArray<PolicyDocument> Of(ImmutableArray<PolicyDocument> documents) =>
        [.. documents.Select(Of).Where(document => !document.Statements.IsEmpty)];

    private static PolicyDocument Of(PolicyDocument document) => new(document.Kind, document.Source,
        [.. document.Statements.Where(IsKept).Select(statement => statement with { Conditions = [] })]);

    private static bool IsKept(Statement statement) => statement.Effect == StatementEffect.Allow || statement.Conditions.IsEmpty;
}

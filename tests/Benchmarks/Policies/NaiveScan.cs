using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Benchmarks.Policies;

/// <summary>
/// The baseline: every statement of the same parsed policies in order, with the same functions for its parts, and no index.
/// A Deny ends the scan; an Allow cannot, since a Deny may follow.
/// </summary>
internal static class NaiveScan
{
    public static Verdict Decide(ImmutableArray<PolicyDocument> policies, AuthorizationRequest request)
    {
        var check = new CheckView(request.Principal, request.Checks[0]);
        var verdict = Verdict.ImplicitDeny;
        foreach (var policy in policies)
        {
            foreach (var statement in policy.Statements)
            {
                if (!Applies(statement, check))
                {
                    continue;
                }

                if (statement.Effect == StatementEffect.Deny)
                {
                    return Verdict.ExplicitDeny;
                }

                verdict = Verdict.Allow;
            }
        }

        return verdict;
    }

    private static bool Applies(Statement statement, in CheckView check) =>
        StatementMatch.CoversAction(statement, check.Action)
        && StatementMatch.CoversResource(statement, check.Resource)
        && StatementMatch.MeetsConditions(statement, check.Context);
}

using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Evaluation;

/// <summary>The parts of R-EVAL-1, each by itself; the evaluator and the explanation ask the same functions.</summary>
internal static class StatementMatch
{
    /// <summary>R-ACT-4, R-ACT-5.</summary>
    internal static bool CoversAction(Statement statement, ActionName action) =>
        FirstAction(statement, action) is null == statement.IsNotAction;

    /// <summary>R-RES-2, R-RES-9; a trust policy names no resource and covers its role.</summary>
    internal static bool CoversResource(Statement statement, ResourceName resource) =>
        statement.Resources.IsEmpty || FirstResource(statement, resource) is null == statement.IsNotResource;

    /// <summary>R-CND-3, R-CND-4.</summary>
    internal static bool MeetsConditions(Statement statement, ConditionContext context)
    {
        foreach (var condition in statement.Conditions)
        {
            if (condition.Test(context) != ConditionOutcome.Match)
            {
                return false;
            }
        }

        return true;
    }

    internal static ActionPattern? FirstAction(Statement statement, ActionName action)
    {
        foreach (var pattern in statement.Actions)
        {
            if (pattern.IsMatch(action))
            {
                return pattern;
            }
        }

        return null;
    }

    internal static ResourcePattern? FirstResource(Statement statement, ResourceName resource)
    {
        foreach (var pattern in statement.Resources)
        {
            if (pattern.IsMatch(resource))
            {
                return pattern;
            }
        }

        return null;
    }
}

using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>Circumstances that meet the same conditions, by one of them.</summary>
/// <param name="Met">The conditions met, one bit each, in the order of <see cref="ContextSpace.Conditions"/>.</param>
/// <param name="Context">Condition keys, tags left out.</param>
/// <param name="Tags">Tags.</param>
internal sealed record ContextPoint(ulong Met, ConditionContext Context, ImmutableArray<KeyValuePair<string, string>> Tags);

/// <summary>All circumstances that a set of conditions can tell apart.</summary>
/// <param name="Conditions">The conditions, none negated, each once.</param>
/// <param name="Points">The circumstances; where <paramref name="Reason"/> is given, some of them.</param>
/// <param name="Reason">Why they may not be all.</param>
internal sealed record ContextSpace(ImmutableArray<Condition> Conditions, IEnumerable<ContextPoint> Points, UnknownReason Reason)
{
    internal static ContextSpace Of(IEnumerable<SubjectStatement> statements, bool carriesTags, PolicyPrincipal? principal, CallModel model, AnalysisBudget budget)
    {
        var hasAny = statements.Any(statement => !statement.Statement.Conditions.IsEmpty);
        return new ContextSpace([], [new ContextPoint(0, ConditionContext.Empty, [])], hasAny ? UnknownReason.TooManyConditions : UnknownReason.None);
    }
}

using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>One statement, tried: are there calls that are decided otherwise without it?</summary>
internal sealed class StatementTrial(ReducedSubject reduced, StatementReference place, AnalysisOptions options)
{
    private readonly Statement statement = reduced.StatementAt(place);
    private readonly SortedSet<StatementReference> by = new(Comparer<StatementReference>.Create((one, other) => Order(one).CompareTo(Order(other))));
    private bool applies;
    private bool isCovered;
    private bool isShadowed;

    /// <summary>Whether a call was found that is decided otherwise without it.</summary>
    internal bool IsNeeded { get; private set; }

    /// <summary>What was found; null when it is needed, or not known to be unneeded.</summary>
    internal StatementFinding? Find()
    {
        var without = reduced.Without(place);
        var walk = new CallWalk([reduced.Subject], options);
        var isDecided = true;
        foreach (var cell in walk.Cells(group => group.Statements.Any(one => ReferenceEquals(one.Statement, statement))))
        {
            foreach (var point in cell.Contexts.Points)
            {
                IsNeeded = !IsSame(walk, without, cell.CallAt(point));
                if (IsNeeded)
                {
                    return null;
                }
            }

            isDecided &= cell.Contexts.Reason == UnknownReason.None;
        }

        return isDecided && walk.IsComplete ? new StatementFinding(place, Use(), [.. by]) : null;
    }

    private static (int, int, int, int) Order(StatementReference place) => ((int)place.Layer, place.Level, place.Policy, place.Statement);

    private bool IsSame(CallWalk walk, ReducedSubject without, WitnessCall call)
    {
        if (!StatementMatch.MeetsConditions(statement, call.ToRequest(null).Checks[0].Context))
        {
            return true;
        }

        applies = true;
        var (whole, rest) = (walk.Decide(reduced.Subject, call), walk.Decide(without.Subject, call));
        var deciding = without.PlaceOf(rest, call.Resource);
        if (deciding.Statement >= 0)
        {
            by.Add(deciding);
        }

        var isAsWanted = rest.IsAllowed == (statement.Effect == StatementEffect.Allow);
        isCovered |= isAsWanted;
        isShadowed |= !isAsWanted;
        return whole.Verdict == rest.Verdict;
    }

    private StatementUse Use() => (applies, isCovered, isShadowed) switch
    {
        (false, _, _) => StatementUse.NeverApplies,
        (_, true, true) => StatementUse.CoveredOrShadowed,
        (_, true, _) => StatementUse.Covered,
        _ => StatementUse.Shadowed,
    };
}

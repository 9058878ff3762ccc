using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>Gathers the changed calls of a comparison and says them in few regions.</summary>
internal sealed class RegionList(CallWalk walk, PolicySubject before, PolicySubject after, AnalysisBudget budget)
{
    private readonly List<Part> parts = [];
    private readonly List<Change> ofGroup = [];
    private ActionGroup? current;

    /// <summary>A change that is in no region, because the bounds leave no way of saying where it ends.</summary>
    private WitnessCall? outside;
    private bool isLacking;

    /// <summary>Adds what changed in a cell; the cells of a group of actions come one after another.</summary>
    internal void Add(CallCell cell)
    {
        if (current != cell.Actions)
        {
            CloseGroup();
            current = cell.Actions;
        }

        var points = cell.Contexts.Points.Select(point => Decided(cell, point)).ToArray();
        var reason = walk.Budget.IsSpent ? UnknownReason.OutOfSteps : cell.Contexts.Reason;
        if (reason != UnknownReason.None)
        {
            var found = Array.Find(points, one => one.Key.Before != one.Key.After);
            ofGroup.Add(new Change(new ChangeKey(Verdict.None, Verdict.None, reason, []), cell, found?.Point));
            return;
        }

        foreach (var changed in points.Where(one => one.Key.Before != one.Key.After).GroupBy(one => one.Key))
        {
            foreach (var (conditions, point) in ConditionCover.Of(cell.Contexts.Conditions, [.. points.Select(one => one.Point)], [.. changed.Select(one => one.Point)], budget))
            {
                ofGroup.Add(new Change(changed.Key with { Conditions = conditions }, cell, point));
            }
        }
    }

    internal ImmutableArray<PolicyRegion> ToRegions()
    {
        CloseGroup();
        var regions = parts.GroupBy(part => part.Text, StringComparer.Ordinal).Select(ToRegion).OfType<PolicyRegion>().ToList();
        if (isLacking || !walk.IsComplete)
        {
            regions.Add(ToRegion(RegionShape.Everything, [], new ChangeKey(Verdict.None, Verdict.None, UnknownReason.OutOfSteps, []), outside));
        }

        return
        [
            .. regions.OrderBy(region => region.Change).ThenBy(region => region.ResourcePattern, StringComparer.Ordinal)
                .ThenBy(region => region.ActionPattern, StringComparer.Ordinal)
                .ThenBy(region => string.Join('\n', region.Conditions.Select(condition => condition.Text)), StringComparer.Ordinal),
        ];
    }

    private DecidedPoint Decided(CallCell cell, ContextPoint point)
    {
        var call = cell.CallAt(point);
        return new DecidedPoint(point, new ChangeKey(walk.Decide(before, call).Verdict, walk.Decide(after, call).Verdict, UnknownReason.None, []));
    }

    /// <summary>Joins the resources of a group of actions that changed alike.</summary>
    private void CloseGroup()
    {
        foreach (var alike in ofGroup.GroupBy(change => change.Key.ToString(), StringComparer.Ordinal))
        {
            var first = alike.First();
            var space = first.Cell.Space;
            var targets = alike.SelectMany(change => change.Cell.Resources.Classes).Select(one => one.Index);
            var cubes = space.IsComplete ? PatternCover.Of([.. space.Classes.Select(one => one.Matches)], targets, space.Patterns, budget) : null;
            var witness = alike.Where(change => change.Point is not null).Select(change => change.Cell.CallAt(change.Point!)).FirstOrDefault();
            if (cubes is null)
            {
                LeaveOut(witness);
            }
            else
            {
                parts.Add(new Part(first.Key, cubes.Value, first.Cell.Actions, witness));
            }
        }

        ofGroup.Clear();
    }

    private void LeaveOut(WitnessCall? witness)
    {
        outside ??= witness;
        isLacking = true;
    }

    private PolicyRegion? ToRegion(IGrouping<string, Part> alike)
    {
        var space = walk.Actions;
        var actions = alike.SelectMany(part => part.Actions.Classes).ToArray();
        var cubes = space.IsComplete ? PatternCover.Of([.. space.Classes.Select(one => one.Matches)], actions.Select(one => one.Index), space.Patterns, budget) : null;
        var first = alike.First();
        var witness = alike.Select(part => part.Witness).FirstOrDefault(one => one is not null);
        if (cubes is null)
        {
            LeaveOut(witness);
            return null;
        }

        return ToRegion(new RegionShape(cubes.Value, first.Resources), actions, first.Key, witness);
    }

    private PolicyRegion ToRegion(RegionShape shape, IEnumerable<ActionClass> actions, ChangeKey key, WitnessCall? witness)
    {
        var (was, becomes) = witness is null ? (Verdict.None, Verdict.None) : (before.Decide(witness).Verdict, after.Decide(witness).Verdict);
        if (key.Reason == UnknownReason.None && (was, becomes) != (key.Before, key.After))
        {
            throw new InvalidOperationException($"A region is not decided as its witness is: {key} but {was}, {becomes}.");
        }

        return new PolicyRegion
        {
            Change = key.Reason == UnknownReason.None ? PolicyComparison.ChangeOf(was, becomes) : RegionChange.Unknown,
            Before = was,
            After = becomes,
            Actions = [.. actions.SelectMany(one => one.Known).Order(StringComparer.Ordinal)],
            ActionPattern = shape.ActionText,
            ResourcePattern = shape.ResourceText,
            Conditions = key.Conditions,
            Witness = witness,
            Reason = key.Reason,
            Shape = shape,
        };
    }

    private sealed record DecidedPoint(ContextPoint Point, ChangeKey Key);

    private sealed record Change(ChangeKey Key, CallCell Cell, ContextPoint? Point);

    private sealed record Part(ChangeKey Key, ImmutableArray<PatternCube<ResourcePattern>> Resources, ActionGroup Actions, WitnessCall? Witness)
    {
        internal string Text => $"{Key} {string.Join("; ", Resources)}";
    }

    private sealed record ChangeKey(Verdict Before, Verdict After, UnknownReason Reason, ImmutableArray<RegionCondition> Conditions)
    {
        public override string ToString() => $"{Before} {After} {Reason} {string.Join(" and ", Conditions.Select(condition => condition.Text))}";
    }
}

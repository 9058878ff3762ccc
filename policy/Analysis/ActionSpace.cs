using System.Collections.Immutable;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>A class of actions.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Text">A member, of the vocabulary where it has one.</param>
/// <param name="Matches">The patterns that cover it.</param>
/// <param name="Known">Its members in the vocabulary.</param>
internal sealed record ActionClass(int Index, string Text, PatternBits Matches, ImmutableArray<string> Known);

/// <summary>All action names, cut into classes by the patterns of policies; letter case is folded away (R-ACT-3).</summary>
internal sealed class ActionSpace
{
    private static readonly ImmutableArray<string> Vocabulary = [.. KnownActions.All.Order(StringComparer.Ordinal)];

    private static readonly ImmutableArray<PatternField> Fields =
    [
        new(CanBeEmpty: false, CanHoldColon: false, ["kms", "ram", "sts", "ecs", "other"]),
        new(CanBeEmpty: false, CanHoldColon: false, [.. Vocabulary.Select(action => Folded(action.Split(':')[1])).Distinct(StringComparer.Ordinal)]),
    ];

    private ActionSpace(ImmutableArray<ActionPattern> patterns, ImmutableArray<ActionClass> classes, bool isComplete)
    {
        Patterns = patterns;
        Classes = classes;
        IsComplete = isComplete;
    }

    internal ImmutableArray<ActionPattern> Patterns { get; }

    internal ImmutableArray<ActionClass> Classes { get; }

    internal bool IsComplete { get; }

    /// <summary>Cuts all actions that <paramref name="within"/> covers.</summary>
    internal static ActionSpace Cut(IEnumerable<ActionPattern> patterns, ActionPattern within, AnalysisBudget budget)
    {
        ImmutableArray<ActionPattern> distinct = [.. patterns.DistinctBy(pattern => Folded(pattern.Text), StringComparer.Ordinal)];
        var space = PatternSpace.Cut(Fields, [.. distinct.Select(FieldsOf)], FieldsOf(within), budget);
        var known = Vocabulary.Where(within.Covers).ToLookup(action => MatchesOf(distinct, action));
        var spellings = distinct.ToDictionary(pattern => Folded(pattern.Text), pattern => pattern.Text, StringComparer.Ordinal);
        var classes = space.Classes.Select((one, i) =>
        {
            ImmutableArray<string> members = [.. known[one.Matches]];
            var text = string.Join(':', one.Fields);
            return new ActionClass(i, members.FirstOrDefault() ?? spellings.GetValueOrDefault(text, text), one.Matches, members);
        });
        return new ActionSpace(distinct, [.. classes], space.IsComplete);
    }

    private static PatternBits MatchesOf(ImmutableArray<ActionPattern> patterns, string action) =>
        PatternBits.Of(patterns.Length, Enumerable.Range(0, patterns.Length).Where(i => patterns[i].Covers(action)));

    private static ImmutableArray<string> FieldsOf(ActionPattern pattern) => pattern.IsAny ? [] : [pattern.Service!.Pattern, pattern.Name!.Pattern];

    private static string Folded(string action) => action.ToLowerInvariant();
}

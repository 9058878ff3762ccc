using System.Collections.Immutable;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>The names that match the same patterns, by one of them.</summary>
/// <param name="Fields">The fields of the member.</param>
/// <param name="Matches">The patterns that cover it.</param>
internal sealed record PatternClass(ImmutableArray<string> Fields, PatternBits Matches);

/// <summary>One field of the names.</summary>
/// <param name="CanBeEmpty">Whether it may be empty.</param>
/// <param name="CanHoldColon">Whether colons belong to it: the last one of a resource.</param>
/// <param name="Preferred">Texts to take as members where they are, the likeliest first.</param>
internal sealed record PatternField(bool CanBeEmpty, bool CanHoldColon, IReadOnlyList<string> Preferred)
{
    internal Glob Domain => CanHoldColon ? Glob.Of("?*") : Glob.Field(CanBeEmpty);
}

/// <summary>
/// All names made of fields, cut into classes by patterns over these fields. A pattern covers a name when each field of the one
/// covers the field of the other, so the fields are cut by themselves and joined; equal sets of patterns are one class.
/// </summary>
internal sealed class PatternSpace
{
    /// <summary>Classes held before giving up.</summary>
    internal const int MaxClasses = 20_000;

    private readonly ImmutableArray<PatternField> fields;
    private readonly IReadOnlyList<ImmutableArray<string>> patterns;
    private readonly ImmutableArray<string> within;
    private readonly AnalysisBudget budget;

    private PatternSpace(ImmutableArray<PatternField> fields, IReadOnlyList<ImmutableArray<string>> patterns, ImmutableArray<string> within, AnalysisBudget budget)
    {
        this.fields = fields;
        this.patterns = patterns;
        this.within = within;
        this.budget = budget;
    }

    internal ImmutableArray<PatternClass> Classes { get; private set; } = [];

    /// <summary>Whether every class was found.</summary>
    internal bool IsComplete { get; private set; } = true;

    /// <summary>Cuts.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="patterns">Each with as many fields, or with none: it covers everything.</param>
    /// <param name="within">Only names that this pattern covers; empty for all.</param>
    /// <param name="budget">What may be spent.</param>
    internal static PatternSpace Cut(ImmutableArray<PatternField> fields, IReadOnlyList<ImmutableArray<string>> patterns, ImmutableArray<string> within, AnalysisBudget budget)
    {
        var space = new PatternSpace(fields, patterns, within, budget);
        space.Cut();
        return space;
    }

    private void Cut()
    {
        var partial = new List<PatternClass> { new([], PatternBits.All(patterns.Count)) };
        for (var field = 0; field < fields.Length; field++)
        {
            var cut = CutField(field);
            var joined = new Dictionary<PatternBits, PatternClass>();
            foreach (var one in partial)
            {
                foreach (var (text, matches) in cut)
                {
                    if (joined.Count >= MaxClasses || !budget.TryTake((patterns.Count / 32) + 1))
                    {
                        IsComplete = false;
                        break;
                    }

                    var both = one.Matches.And(matches);
                    joined.TryAdd(both, new PatternClass(one.Fields.Add(text), both));
                }
            }

            partial = [.. joined.Values];
        }

        Classes = [.. partial];
    }

    /// <summary>The classes of one field, those with a preferred member first.</summary>
    private List<(string Text, PatternBits Matches)> CutField(int field)
    {
        var texts = patterns.Where(pattern => !pattern.IsEmpty).Select(pattern => pattern[field]).Distinct(StringComparer.Ordinal).ToArray();
        var required = new List<Glob> { fields[field].Domain };
        if (!within.IsEmpty)
        {
            required.Add(Glob.Of(within[field]));
        }

        var product = new GlobProduct([.. required, .. texts.Select(Glob.Of)], required.Count, budget);
        var preferred = PreferredMembers(field, texts);
        var found = new List<(int Rank, string Text, PatternBits Matches)>();
        foreach (var one in product.Classes())
        {
            var covering = texts.Where((_, i) => one.Matches[required.Count + i]).ToHashSet(StringComparer.Ordinal);
            var matches = PatternBits.Of(patterns.Count, Enumerable.Range(0, patterns.Count).Where(i => patterns[i].IsEmpty || covering.Contains(patterns[i][field])));
            var (rank, text) = preferred.GetValueOrDefault(matches, (int.MaxValue, one.Text));
            found.Add((rank, text, matches));
            if (found.Count > MaxClasses || !budget.TryTake(patterns.Count))
            {
                IsComplete = false;
                break;
            }
        }

        IsComplete &= product.IsComplete;
        return [.. found.OrderBy(one => one.Rank).Select(one => (one.Text, one.Matches))];
    }

    /// <summary>The preferred texts by the patterns that cover them: good names, found by matching; the cut does not depend on it.</summary>
    private Dictionary<PatternBits, (int Rank, string Text)> PreferredMembers(int field, string[] texts)
    {
        var matchers = texts.ToDictionary(text => text, text => new Wildcard(text), StringComparer.Ordinal);
        var limit = within.IsEmpty ? null : new Wildcard(within[field]);
        var members = new Dictionary<PatternBits, (int, string)>();
        foreach (var (rank, text) in fields[field].Preferred.Index())
        {
            if (limit?.IsMatch(text) == false || !budget.TryTake((long)texts.Length * 8))
            {
                continue;
            }

            var covering = texts.Where(one => matchers[one].IsMatch(text)).ToHashSet(StringComparer.Ordinal);
            members.TryAdd(
                PatternBits.Of(patterns.Count, Enumerable.Range(0, patterns.Count).Where(i => patterns[i].IsEmpty || covering.Contains(patterns[i][field]))),
                (rank, text));
        }

        return members;
    }
}

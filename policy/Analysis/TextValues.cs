using System.Collections.Immutable;
using System.Text;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Analysis;

/// <summary>Texts that tell apart what text conditions can.</summary>
internal static class TextValues
{
    private const int MaxListed = 600;

    internal static bool IsText(Condition condition) => condition.Operator.ValueKind is ConditionValueKind.Text or ConditionValueKind.TextIgnoringCase or ConditionValueKind.Pattern;

    /// <summary>One text per class; null when the bounds were met.</summary>
    /// <param name="conditions">Text conditions.</param>
    /// <param name="budget">What may be spent.</param>
    /// <param name="alphabet">Only texts of these characters; null for all.</param>
    internal static ImmutableArray<string>? TellingApart(IEnumerable<Condition> conditions, AnalysisBudget budget, string? alphabet = null)
    {
        var globs = conditions.SelectMany(condition => condition.Values.Select(value => (condition.Operator.ValueKind, Value: value))).Distinct();
        var product = new GlobProduct([Glob.Of("*"), .. globs.Select(glob => ToGlob(glob.ValueKind, glob.Value))], 1, budget, alphabet: alphabet?.Select(c => (int)c).ToArray());
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var found in product.Classes())
        {
            texts.Add(found.Text);
            if (texts.Count > PatternSpace.MaxClasses)
            {
                return null;
            }
        }

        return product.IsComplete ? texts.ToImmutable() : null;
    }

    /// <summary>All texts of an alphabet (null: of any characters) that meet a condition; null when they are too many to list.</summary>
    internal static ImmutableArray<string>? AllMeeting(Condition condition, string? alphabet) => condition.Operator.ValueKind switch
    {
        ConditionValueKind.Text => condition.Values,
        ConditionValueKind.TextIgnoringCase => InEveryCase(condition.Values),
        _ => condition.Values.Any(value => value.AsSpan().IndexOfAny('*', alphabet is null ? '?' : '*') >= 0)
            ? null
            : Listed(condition.Values, rune => rune.Value == '?' ? alphabet!.Select(c => (int)c) : [rune.Value]),
    };

    /// <summary>A text in every letter case; null when there are too many.</summary>
    internal static ImmutableArray<string>? InEveryCase(IEnumerable<string> values) => Listed(values, rune => LetterCase.VariantsOf(rune.Value));

    /// <summary>Every text that has one of the choices in each place.</summary>
    private static ImmutableArray<string>? Listed(IEnumerable<string> values, Func<Rune, IEnumerable<int>> choices)
    {
        var all = ImmutableArray.CreateBuilder<string>();
        foreach (var value in values)
        {
            string[] variants = [""];
            foreach (var rune in value.EnumerateRunes())
            {
                var letters = choices(rune).Select(char.ConvertFromUtf32).ToArray();
                variants = [.. variants.SelectMany(start => letters.Select(letter => start + letter)).Take(MaxListed + 1)];
            }

            all.AddRange(variants);
            if (all.Count > MaxListed)
            {
                return null;
            }
        }

        return all.ToImmutable();
    }

    private static Glob ToGlob(ConditionValueKind kind, string value) => kind switch
    {
        ConditionValueKind.Text => Glob.Literal(value),
        ConditionValueKind.TextIgnoringCase => Glob.LiteralIgnoringCase(value),
        _ => Glob.Of(value),
    };
}

using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Analysis;

/// <summary>Texts that tell apart what text conditions can.</summary>
internal static class TextValues
{
    private const int MaxCaseVariants = 256;

    internal static bool IsText(Condition condition) => condition.Operator.ValueKind is ConditionValueKind.Text or ConditionValueKind.TextIgnoringCase or ConditionValueKind.Pattern;

    /// <summary>One text per class; null when the bounds were met.</summary>
    internal static ImmutableArray<string>? TellingApart(IEnumerable<Condition> conditions, AnalysisBudget budget)
    {
        var globs = conditions.SelectMany(condition => condition.Values.Select(value => (condition.Operator.ValueKind, Value: value))).Distinct();
        var product = new GlobProduct([Glob.Of("*"), .. globs.Select(glob => ToGlob(glob.ValueKind, glob.Value))], 1, budget);
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

    /// <summary>All texts that meet a condition; null when they are too many to list.</summary>
    internal static ImmutableArray<string>? AllMeeting(Condition condition) => condition.Operator.ValueKind switch
    {
        ConditionValueKind.Text => condition.Values,
        ConditionValueKind.TextIgnoringCase => InEveryCase(condition.Values),
        _ => condition.Values.All(value => value.AsSpan().IndexOfAny('*', '?') < 0) ? condition.Values : null,
    };

    /// <summary>A text in every letter case; null when there are too many.</summary>
    internal static ImmutableArray<string>? InEveryCase(IEnumerable<string> values)
    {
        var all = ImmutableArray.CreateBuilder<string>();
        foreach (var value in values)
        {
            IEnumerable<string> variants = [""];
            foreach (var rune in value.EnumerateRunes())
            {
                var letters = LetterCase.VariantsOf(rune.Value);
                variants = variants.SelectMany(start => letters.Select(letter => start + char.ConvertFromUtf32(letter))).Take(MaxCaseVariants + 1).ToArray();
            }

            all.AddRange(variants);
            if (all.Count > MaxCaseVariants)
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

using System.Collections.Immutable;
using System.Text;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>One step of a pattern: a code point, any one, or any run; a wildcard crosses a colon only where it may.</summary>
internal readonly record struct GlobStep(int CodePoint, bool CrossesColon, bool IgnoresCase = false)
{
    internal const int One = -1;
    internal const int Many = -2;

    /// <summary>The place behind the last step: no character leads out of it.</summary>
    internal static GlobStep End { get; } = new(int.MaxValue, false);

    internal bool IsWildcard => CodePoint < 0;

    internal bool Takes(int codePoint) => IsWildcard
        ? CrossesColon || codePoint != ':'
        : CodePoint == codePoint || (IgnoresCase && LetterCase.AreEqual(CodePoint, codePoint));

    /// <summary>The code points that a step other than a wildcard takes.</summary>
    internal IEnumerable<int> Characters() => IgnoresCase ? LetterCase.VariantsOf(CodePoint) : [CodePoint];
}

/// <summary>A pattern of the language as the steps of an automaton. Source: ram-policy.md 4.1 to 4.3.</summary>
internal sealed class Glob
{
    private Glob(ImmutableArray<GlobStep> steps) => Steps = steps;

    /// <summary>Every action name: one colon with something on both sides.</summary>
    internal static Glob AnyAction { get; } = Fields(("?*", false), ("?*", false));

    /// <summary>Every resource with an owner: service, region, account, relative id.</summary>
    internal static Glob AnyResource { get; } = Fields(("?*", false), ("*", false), ("?*", false), ("?*", true));

    internal ImmutableArray<GlobStep> Steps { get; }

    /// <summary>A text that stands for itself.</summary>
    internal static Glob Literal(string text) => new([.. text.EnumerateRunes().Select(rune => new GlobStep(rune.Value, true))]);

    /// <summary>A text that stands for itself in any letter case.</summary>
    internal static Glob LiteralIgnoringCase(string text) =>
        new([.. text.EnumerateRunes().Select(rune => new GlobStep(rune.Value, true, IgnoresCase: true))]);

    /// <summary>Every text of one field: no colon, and not empty unless it may be.</summary>
    internal static Glob Field(bool canBeEmpty) => Fields((canBeEmpty ? "*" : "?*", false));

    /// <summary>A pattern over a whole text, wildcards crossing everything.</summary>
    internal static Glob Of(string pattern) => Fields((pattern, true));

    internal static Glob Of(ActionPattern pattern) =>
        pattern.IsAny ? Of("*") : Fields((pattern.Service!.Pattern, false), (pattern.Name!.Pattern, false));

    /// <summary>The pattern over the text that follows <c>acs:</c>.</summary>
    internal static Glob Of(ResourcePattern pattern) =>
        pattern.IsAny
            ? Of("*")
            : Fields((pattern.Fields.Service, false), (pattern.Fields.Region, false), (pattern.Fields.Account, false), (pattern.Fields.RelativeId, true));

    private static Glob Fields(params ReadOnlySpan<(string Pattern, bool CrossesColon)> fields)
    {
        var steps = ImmutableArray.CreateBuilder<GlobStep>();
        foreach (var (pattern, crosses) in fields)
        {
            if (steps.Count > 0)
            {
                steps.Add(new GlobStep(':', true));
            }

            foreach (var rune in pattern.EnumerateRunes())
            {
                steps.Add(new GlobStep(Code(rune), crosses));
            }
        }

        return new Glob(steps.ToImmutable());
    }

    private static int Code(Rune rune) => rune.Value switch
    {
        '*' => GlobStep.Many,
        '?' => GlobStep.One,
        var value => value,
    };
}

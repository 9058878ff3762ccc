using KmsGateway.Policy.Analysis;

namespace KmsGateway.Policy.Linting;

/// <summary>
/// Questions about what patterns cover, exact, and paid out of the budget of one document. Examples are tried first: they decide
/// most questions. Where the bound was met the answer is no, and <see cref="IsCut"/> says so.
/// </summary>
internal sealed class LintQuestions(long steps)
{
    /// <summary>What asking costs, however short the patterns.</summary>
    private const long Asking = 20;

    private readonly AnalysisBudget budget = new(steps);

    /// <summary>Whether something asked since this was last set to false has no answer.</summary>
    internal bool IsCut { get; set; }

    /// <summary>Whether there is budget for a look at so many places.</summary>
    internal bool TryLook(long places)
    {
        var isThere = budget.TryTake(places + Asking);
        IsCut |= !isThere;
        return isThere;
    }

    /// <summary>Whether <paramref name="outer"/> together cover everything that <paramref name="inner"/> covers.</summary>
    internal bool IsCovered(ListElement inner, params ListElement[] outer)
    {
        if (!TryLook(outer.Sum(element => inner.Text.Length + element.Text.Length)))
        {
            return false;
        }

        if (inner.HasMore || Array.Exists(outer, element => element.IsAny))
        {
            return Array.Exists(outer, element => element.IsAny);
        }

        return Array.Exists(outer, element => element.Covers(inner.Example)) && (inner.IsLiteral || IsWithin(inner, outer));
    }

    /// <summary>Whether something is covered by all of them.</summary>
    internal bool Overlap(params ListElement[] elements)
    {
        if (!TryLook(elements.Sum(element => element.Text.Length) * elements.Length))
        {
            return false;
        }

        if (Array.Find(elements, element => element.IsLiteral) is { } literal)
        {
            return Array.TrueForAll(elements, element => element.Covers(literal.Text));
        }

        return Array.Exists(elements, one => Array.TrueForAll(elements, element => element.Covers(one.Example))) || Meet(elements);
    }

    private bool IsWithin(ListElement inner, ListElement[] outer)
    {
        var product = new GlobProduct([inner.Domain, inner.Glob, .. outer.Select(element => element.Glob)], 1, budget);
        foreach (var found in product.Classes())
        {
            if (found.Matches[1] && !found.Matches.AsSpan(2).Contains(true))
            {
                return false;
            }
        }

        IsCut |= !product.IsComplete;
        return product.IsComplete;
    }

    private bool Meet(ListElement[] elements)
    {
        var product = new GlobProduct([elements[0].Domain, .. elements.Select(element => element.Glob)], 1, budget);
        if (product.Classes().Any(found => !found.Matches.Contains(false)))
        {
            return true;
        }

        IsCut |= !product.IsComplete;
        return false;
    }
}

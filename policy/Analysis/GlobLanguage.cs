namespace KmsGateway.Policy.Analysis;

/// <summary>Questions about the texts that patterns match; null where the bound of <see cref="GlobProduct"/> was met.</summary>
internal static class GlobLanguage
{
    /// <summary>Whether every text of <paramref name="domain"/> that matches <paramref name="inner"/> matches one of <paramref name="outer"/>.</summary>
    internal static bool? IsCovered(Glob domain, Glob inner, params ReadOnlySpan<Glob> outer)
    {
        var product = new GlobProduct([domain, inner, .. outer], isFirstRequired: true);
        foreach (var found in product.Classes())
        {
            if (found.Matches[1] && !found.Matches.AsSpan(2).Contains(true))
            {
                return false;
            }
        }

        return product.IsComplete ? true : null;
    }

    /// <summary>Whether some text of <paramref name="domain"/> matches both.</summary>
    internal static bool? Overlaps(Glob domain, Glob one, Glob other)
    {
        var product = new GlobProduct([domain, one, other], isFirstRequired: true);
        foreach (var found in product.Classes())
        {
            if (found.Matches[1] && found.Matches[2])
            {
                return true;
            }
        }

        return product.IsComplete ? false : null;
    }
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace KmsGateway.Gateway.Wire;

/// <summary>
/// The parameters of one request: query and form body merged, decoded, each name once, sorted by name (ordinal). Only the
/// reader makes one, after duplicates were refused.
/// </summary>
internal sealed class ParameterCollection : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private readonly KeyValuePair<string, string>[] sorted;

    internal ParameterCollection(KeyValuePair<string, string>[] sortedByName) => sorted = sortedByName;

    public static ParameterCollection Empty { get; } = new([]);

    public int Count => sorted.Length;

    /// <summary>The value as it was sent; an empty value is a value here ("empty = absent" is the catalogue's rule).</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out string? value)
    {
        int low = 0, high = sorted.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(sorted[middle].Key, name);
            if (order == 0)
            {
                value = sorted[middle].Value;
                return true;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The value, or null when it is absent or empty.</summary>
    public string? ValueOrNull(string name) => TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The parameters in order, for code that must not allocate.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> AsSpan() => sorted;

    /// <summary>A name that differs from another only in letter case, or null.</summary>
    public string? FindCaseVariant()
    {
        // Why: pairs of a usual request are fewer than a set costs to build.
        const int fewEnoughForPairs = 32;
        return sorted.Length <= fewEnoughForPairs ? FindCaseVariantByPairs() : FindCaseVariantBySet();
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private string? FindCaseVariantByPairs()
    {
        for (var i = 1; i < sorted.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (string.Equals(sorted[i].Key, sorted[j].Key, StringComparison.OrdinalIgnoreCase))
                {
                    return sorted[i].Key;
                }
            }
        }

        return null;
    }

    private string? FindCaseVariantBySet()
    {
        var seen = new HashSet<string>(sorted.Length, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, _) in sorted)
        {
            if (!seen.Add(name))
            {
                return name;
            }
        }

        return null;
    }
}

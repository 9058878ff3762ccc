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

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)sorted).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

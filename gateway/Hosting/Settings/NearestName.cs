namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>What somebody probably meant: the known name that is fewest edits away, letter case aside.</summary>
internal static class NearestName
{
    /// <summary>Beyond this an unknown name is compared by its beginning only.</summary>
    private const int MaxLength = 128;

    /// <summary>The nearest of <paramref name="known"/>; the first of several.</summary>
    public static string Of(string unknown, IEnumerable<string> known) =>
        known.MinBy(name => Distance(unknown[..Math.Min(unknown.Length, MaxLength)], name))
        ?? throw new ArgumentException("there is no known name", nameof(known));

    /// <summary>Insertions, deletions and replacements between the two.</summary>
    private static int Distance(string left, string right)
    {
        var above = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var row = new int[right.Length + 1];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                row[j] = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (same ? 0 : 1));
            }

            above = row;
        }

        return above[^1];
    }
}

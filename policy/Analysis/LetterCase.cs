using System.Collections.Frozen;
using System.Text;

namespace KmsGateway.Policy.Analysis;

/// <summary>Code points that are equal when letter case is ignored, as the comparison of conditions sees it (R-COP-3).</summary>
internal static class LetterCase
{
    /// <summary>Letters with case lie below this.</summary>
    private const int End = 0x1_F000;

    private static readonly Lazy<FrozenDictionary<int, int[]>> Variants = new(Read);

    internal static bool AreEqual(int one, int other) => one == other || VariantsOf(one).Contains(other);

    /// <summary>The code point and its variants.</summary>
    internal static int[] VariantsOf(int codePoint) => Variants.Value.GetValueOrDefault(codePoint) ?? [codePoint];

    private static FrozenDictionary<int, int[]> Read()
    {
        var groups = Enumerable.Range(0, End).Where(Rune.IsValid).GroupBy(value => Rune.ToUpperInvariant(new Rune(value)).Value).Where(group => group.Count() > 1);
        var pairs =
            from @group in groups
            from value in @group
            let variants = @group.Where(other => AreSame(value, other)).ToArray()
            where variants.Length > 1
            select KeyValuePair.Create(value, variants);
        return pairs.ToFrozenDictionary();
    }

    private static bool AreSame(int one, int other) =>
        string.Equals(new Rune(one).ToString(), new Rune(other).ToString(), StringComparison.OrdinalIgnoreCase);
}

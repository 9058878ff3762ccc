using System.Collections.Immutable;
using System.Globalization;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>
/// Lists of the RPC style, counted from 1 without a gap: <c>Name.N</c>, or <c>Name.N.Field</c>. A gap, a zero, a leading zero
/// or a field without its partner is refused: an item that one reader sees and another does not must not exist.
/// </summary>
internal static class RepeatedParameters
{
    /// <summary>More items than any action takes; what lies beyond is refused like a gap.</summary>
    private const int MaxNumber = 1000;

    public static readonly ImmutableArray<string> KeyAndValue = ["Key", "Value"];

    /// <summary>The items in order, each with one text per field (null = not sent); without fields one text per item.</summary>
    public static bool TryRead(ParameterCollection parameters, string name, ImmutableArray<string> fields, out List<string?[]> items)
    {
        var width = Math.Max(1, fields.Length);
        var found = new SortedDictionary<int, string?[]>();
        items = [];
        foreach (var (key, value) in parameters)
        {
            if (!TrySplit(key, name, out var number, out var field))
            {
                continue;
            }

            var column = fields.Length == 0 && field.Length == 0 ? 0 : fields.IndexOf(field);
            if (column < 0 || (fields.Length > 0 && field.Length == 0))
            {
                continue; // an unknown parameter, ignored like any other
            }

            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n is < 1 or > MaxNumber || number[0] == '0')
            {
                return false;
            }

            found.TryAdd(n, new string?[width]);
            found[n][column] = value;
        }

        items.AddRange(found.Values);
        return found.Count == 0 || found.Last().Key == found.Count;
    }

    private static bool TrySplit(string key, string name, out string number, out string field)
    {
        (number, field) = ("", "");
        if (key.Length <= name.Length + 1 || !key.StartsWith(name, StringComparison.Ordinal) || key[name.Length] != '.')
        {
            return false;
        }

        var rest = key[(name.Length + 1)..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        (number, field) = dot < 0 ? (rest, "") : (rest[..dot], rest[(dot + 1)..]);
        return number.Length > 0 && number.All(char.IsAsciiDigit);
    }
}

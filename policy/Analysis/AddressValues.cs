using System.Globalization;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Analysis;

/// <summary>Addresses that tell apart what given ranges can: the first of each stretch between two ends of ranges, in both families.</summary>
internal static class AddressValues
{
    private static readonly UInt128 MappedFirst = (UInt128)0xFFFF << 32;
    private static readonly UInt128 MappedLast = MappedFirst | uint.MaxValue;

    internal static IEnumerable<string> TellingApart(IEnumerable<string> operands)
    {
        var ranges = operands.Select(text => AddressRange.TryParse(text, out var range) ? range : throw new FormatException(text)).ToArray();
        var own = ranges.Select(range => range.First).Where(address => address.IsV4 || !IsMapped(address.Value));
        var stretches = Starts(ranges, isV4: true, uint.MaxValue).Concat(Starts(ranges, isV4: false, UInt128.MaxValue)).Where(address => address.IsV4 || !IsMapped(address.Value));
        return own.Concat(stretches).Distinct().Select(address => address.ToString());
    }

    /// <summary>Other notations of the same address.</summary>
    internal static IEnumerable<string> Notations(string address, IpValue value) =>
        value.IsV4
            ? [address, $"::ffff:{address}", string.Create(CultureInfo.InvariantCulture, $"::ffff:{(ulong)value.Value >> 16:x}:{(ulong)value.Value & 0xFFFF:x}"), $"0:0:0:0:0:ffff:{address}"]
            : [address, address.ToUpperInvariant(), Padded(address)];

    private static IEnumerable<IpValue> Starts(AddressRange[] ranges, bool isV4, UInt128 last)
    {
        var starts = new SortedSet<UInt128> { 0 };
        foreach (var range in ranges.Where(range => range.First.IsV4 == isV4))
        {
            starts.Add(range.First.Value);
            var end = range.First.Value | (last & ~range.Mask);
            if (end < last)
            {
                starts.Add(end + 1);
            }
        }

        // Why: an IPv4-mapped address is none of IPv6, so what lies on its other side is a stretch of its own.
        if (!isV4)
        {
            starts.Add(MappedLast + 1);
        }

        return starts.Select(start => new IpValue(start, isV4));
    }

    private static bool IsMapped(UInt128 value) => value >= MappedFirst && value <= MappedLast;

    private static string Padded(string address) => string.Join(':', address.Split(':').Select(group => group.PadLeft(4, '0')));
}

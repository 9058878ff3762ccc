using System.Globalization;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Analysis;

/// <summary>Instants that tell apart what comparisons with given instants can: these and their neighbours.</summary>
internal static class DateValues
{
    private const long OffsetTicks = 14 * TimeSpan.TicksPerHour;
    private const long First = -OffsetTicks;

    private static readonly int[] Offsets = [0, 8, -5, 14, -14];
    private static readonly long Last = DateTime.MaxValue.Ticks + OffsetTicks;

    /// <summary>Between two instants that are no neighbours lies the one after the first.</summary>
    internal static IEnumerable<string> TellingApart(IEnumerable<string> operands)
    {
        var points = operands.Select(text => DateText.TryParse(text, out var ticks) ? ticks : throw new FormatException(text)).ToArray();
        var all = points.Length == 0 ? [new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks] : points;
        return all.Concat(points.Select(point => point + 1)).Concat(points.Select(point => point - 1)).Distinct().Where(ticks => ticks >= First && ticks <= Last).Select(Write);
    }

    /// <summary>Other notations of the same instant, where the years 1 to 9999 have them.</summary>
    internal static IEnumerable<string> Notations(string date, long ticks) => Offsets
        .Where(hours => IsInCalendar(ticks + (hours * TimeSpan.TicksPerHour)))
        .SelectMany(hours => new[] { Write(ticks, hours, "fffffff"), Write(ticks, hours, "FFFFFFF") })
        .Prepend(date);

    private static bool IsInCalendar(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    /// <summary>In the first offset that the calendar has the instant in.</summary>
    private static string Write(long ticks) => Write(ticks, Array.Find(Offsets, hours => IsInCalendar(ticks + (hours * TimeSpan.TicksPerHour))), "FFFFFFF");

    private static string Write(long ticks, int hours, string fraction)
    {
        var local = new DateTime(ticks + (hours * TimeSpan.TicksPerHour), DateTimeKind.Unspecified).ToString($"yyyy-MM-dd'T'HH:mm:ss.{fraction}", CultureInfo.InvariantCulture);
        var sign = hours < 0 ? '-' : '+';
        return hours == 0 ? $"{local}Z" : $"{local}{sign}{Math.Abs(hours):00}:00";
    }
}

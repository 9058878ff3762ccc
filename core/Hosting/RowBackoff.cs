using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// Rows whose scheduled work failed: each is left alone for a second, then for two, and so on up to five minutes, so that one that
/// cannot be done costs next to nothing and says so seldom.
/// </summary>
internal sealed class RowBackoff
{
    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Dictionary<DueItem, (TimeSpan Pause, DateTimeOffset Until)> rows = [];

    /// <summary>Those that are not to be tried yet.</summary>
    public IReadOnlyCollection<DueItem> Waiting(DateTimeOffset now)
    {
        // Why: a row that was not tried again when its time had come is gone or no longer due.
        foreach (var (item, _) in rows.Where(row => row.Value.Until + Longest < now).ToArray())
        {
            _ = rows.Remove(item);
        }

        return rows.Where(row => row.Value.Until > now).Select(row => row.Key).ToHashSet();
    }

    /// <summary>How long it will be left alone.</summary>
    public TimeSpan Failed(DueItem item, DateTimeOffset now)
    {
        var pause = rows.TryGetValue(item, out var before) ? TimeSpan.FromTicks(Math.Min(2 * before.Pause.Ticks, Longest.Ticks)) : Shortest;
        rows[item] = (pause, now + pause);
        return pause;
    }

    public void Done(DueItem item) => rows.Remove(item);
}

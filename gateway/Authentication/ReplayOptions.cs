using System.ComponentModel.DataAnnotations;

namespace KmsGateway.Gateway.Authentication;

/// <summary>Settings <c>Kms:Replay</c>: how much the replay protection may remember. Source: decisions.md D7.</summary>
internal sealed class ReplayOptions
{
    /// <summary>Where the settings are found.</summary>
    public const string Section = "Kms:Replay";

    /// <summary>
    /// Requests remembered at once; a request is remembered until its stamp has left the window (15 minutes, or 30 for stamps
    /// ahead of time). One takes 20 bytes in a table that is between 3/8 and 3/4 full: 27 to 54 bytes, so at most about
    /// 220 MiB for the default. When full, requests are refused with 503.
    /// </summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxEntries { get; set; } = 4 * 1024 * 1024;

    /// <summary>Of these, how many one access key may take, in percent: no caller can shut out all others. 100 lifts it.</summary>
    [Range(1, 100)]
    public int MaxPercentPerKey { get; set; } = 50;

    /// <summary>
    /// Stamps before this instant are refused, since what was used before it is not remembered. Default: the start of the
    /// process. Set to an earlier instant only by whoever restores what was used (the durable trail), or by tests.
    /// </summary>
    public DateTimeOffset? RefuseStampsBefore { get; set; }
}

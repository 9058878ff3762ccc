namespace KmsGateway.Core.Hosting;

/// <summary>Limits that an operator may move; service-managed keys and their aliases are not counted. Source: kms-api.md section 13.</summary>
public sealed class CoreQuotas
{
    /// <summary>Shortest PendingWindowInDays.</summary>
    internal const int FewestDeletionDays = 7;

    /// <summary>Keys per account and region, default 200; at least 1. Exceeded: Rejected.LimitExceeded.</summary>
    public int KeysPerRegion { get; set; } = 200;

    /// <summary>Aliases per account and region, default 300; at least 1. Exceeded: Rejected.LimitExceeded.</summary>
    public int AliasesPerRegion { get; set; } = 300;

    /// <summary>Tags per key, default 10, 1 to 20. Exceeded: Rejected.LimitExceeded.</summary>
    public int TagsPerResource { get; set; } = 10;

    /// <summary>Versions of all keys per account and region, default 10,000; at least 1. Exceeded: Rejected.LimitExceeded.</summary>
    public int KeyVersionsPerRegion { get; set; } = 10_000;

    /// <summary>Versions of key pairs per account and region, default 50; at least 1. Exceeded: Rejected.LimitExceeded.</summary>
    public int AsymmetricVersionsPerRegion { get; set; } = 50;

    /// <summary>Days between two versions of a key pair, default 7, 0 to 365. Sooner: Rejected.UnsupportedOperation.</summary>
    public int AsymmetricVersionIntervalDays { get; set; } = 7;

    /// <summary>Longest PendingWindowInDays, default 30 as in the guides, 30 to 366. Beyond: InvalidParameter.</summary>
    public int DeletionWindowDays { get; set; } = 30;
}

namespace KmsGateway.Core.Hosting;

/// <summary>Limits that an operator may move; service-managed keys and their aliases are not counted. Source: kms-api.md section 13.</summary>
public sealed class CoreQuotas
{
    /// <summary>Keys per account and region, default 200; at least 1. Exceeded: Rejected.LimitExceeded.</summary>
    public int KeysPerRegion { get; set; } = 200;

    /// <summary>Aliases per account and region, default 300; at least 1. Exceeded: Rejected.LimitExceeded.</summary>
    public int AliasesPerRegion { get; set; } = 300;

    /// <summary>Tags per key, default 10, 1 to 20. Exceeded: Rejected.LimitExceeded.</summary>
    public int TagsPerResource { get; set; } = 10;
}

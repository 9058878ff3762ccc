namespace KmsGateway.Tests;

/// <summary>How the programs run: one process, or a gateway and a core.</summary>
public enum KmsTopology
{
    /// <summary>The gateway with the core inside.</summary>
    Embedded = 1,

    /// <summary>Two processes that share nothing but a socket and the tickets' public key.</summary>
    Split,
}

/// <summary>What a test wants of the programs it starts.</summary>
public sealed record KmsProcessOptions
{
    /// <summary>Account of the root credentials.</summary>
    public const string Account = "1000000000000001";

    /// <summary>AccessKey of the root credentials.</summary>
    public const string AccessKeyId = "LTAI5tRootOfTheWireTests";

    /// <summary>Region of the service.</summary>
    public const string Region = "cn-hangzhou";

    /// <summary>From <c>KMSGATEWAY_TOPOLOGY</c>, <c>embedded</c> when it is not set.</summary>
    public KmsTopology Topology { get; init; } = TopologyOfThisRun;

    /// <summary>Further settings, in the spelling of the environment: <c>Kms__Quotas__KeysPerRegion</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gives root credentials to the first start; without, the service makes its own.</summary>
    public bool WithBootstrapCredentials { get; init; } = true;

    /// <summary>The topology the suites are run for.</summary>
    public static KmsTopology TopologyOfThisRun => Environment.GetEnvironmentVariable("KMSGATEWAY_TOPOLOGY") switch
    {
        null or "" or "embedded" => KmsTopology.Embedded,
        "split" => KmsTopology.Split,
        var other => throw new InvalidOperationException($"KMSGATEWAY_TOPOLOGY is embedded or split, not {other}"),
    };

    /// <summary>The long forms of the tests: <c>KMSGATEWAY_FULL=1</c>.</summary>
    public static bool IsFullRun => string.Equals(Environment.GetEnvironmentVariable("KMSGATEWAY_FULL"), "1", StringComparison.Ordinal);
}

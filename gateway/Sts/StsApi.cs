namespace KmsGateway.Gateway.Sts;

/// <summary>What every STS answer shares.</summary>
internal static class StsApi
{
    /// <summary>The API version of STS.</summary>
    public const string Version = "2015-04-01";
}

using System.Globalization;

namespace KmsGateway.Gateway.Sts;

/// <summary>What every STS answer shares.</summary>
internal static class StsApi
{
    /// <summary>The API version of STS.</summary>
    public const string Version = "2015-04-01";

    /// <summary>The permission on a role, and the action of its trust policy; federated callers too.</summary>
    public const string AssumeRole = "sts:AssumeRole";

    /// <summary>What the AccessKeyIds of sessions begin with, and no other does.</summary>
    public const string AccessKeyPrefix = "STS.";

    /// <summary>As answers print times: <c>2015-01-23T12:33:18Z</c>.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace KmsGateway.Gateway.Ram;

/// <summary>What every RAM answer shares.</summary>
internal static class RamApi
{
    /// <summary>The API version of RAM.</summary>
    public const string Version = "2015-05-01";

    /// <summary>As answers print times: <c>2015-01-23T12:33:18Z</c>.</summary>
    public static string Time(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>ARN of a role.</summary>
    public static string RoleArn(string account, string name) => $"acs:ram::{account}:role/{name}";
}

using System.Globalization;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram;

/// <summary>Values of <c>PolicyType</c>.</summary>
internal static class PolicyType
{
    public const string System = "System";
    public const string Custom = "Custom";
}

/// <summary>Version ids: <c>v</c> and a number from 1, without leading zeros.</summary>
internal static class PolicyVersionId
{
    public static string Text(long number) => string.Create(CultureInfo.InvariantCulture, $"v{number}");

    /// <summary>The number, or InvalidParameter.VersionId.Format.</summary>
    public static long Parse(string text)
    {
        if (text.Length < 2 || text[0] != 'v' || text[1] == '0'
            || !long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw GatewayErrors.IncorrectFormat("VersionId").With();
        }

        return number;
    }
}

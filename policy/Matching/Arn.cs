using System.Diagnostics.CodeAnalysis;

namespace KmsGateway.Policy.Matching;

/// <summary>
/// The name of a resource, <c>acs:service:region:account:relative-id</c>. The first four colons separate the fields;
/// later ones belong to <see cref="RelativeId"/>. Source: ram-policy.md 4.3.
/// </summary>
/// <param name="Service">Service code, <c>kms</c>, <c>ram</c>; never empty.</param>
/// <param name="Region">Region id, or empty (<c>ram</c> names have none).</param>
/// <param name="Account">Account id, or empty.</param>
/// <param name="RelativeId">What is named inside the service: <c>key/0a1b...</c>, <c>alias/app</c>, <c>key</c>; never empty.</param>
public sealed record Arn(string Service, string Region, string Account, string RelativeId)
{
    private const string Prefix = "acs:";

    /// <summary>Reads the five fields; no wildcard is given a meaning here.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Arn? arn)
    {
        arn = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var fields = text.Split(':', 5);
        if (fields.Length != 5 || fields[1].Length == 0 || fields[4].Length == 0)
        {
            return false;
        }

        arn = new Arn(fields[1], fields[2], fields[3], fields[4]);
        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads back.</summary>
    public override string ToString() => $"{Prefix}{Service}:{Region}:{Account}:{RelativeId}";
}

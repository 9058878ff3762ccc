using System.Text;

namespace KmsGateway.Gateway.Hosting.Metrics;

/// <summary>Names and units of instruments, as Prometheus spells them: <c>kmsgateway.request.duration</c> in s -> <c>kmsgateway_request_duration_seconds</c>.</summary>
internal static class MetricName
{
    private static readonly Dictionary<string, string> UnitSuffixes = new(StringComparer.Ordinal)
    {
        ["s"] = "_seconds",
        ["ms"] = "_milliseconds",
        ["By"] = "_bytes",
        ["1"] = "_ratio",
    };

    /// <summary>The metric's name; units in braces (<c>{request}</c>) are no part of it.</summary>
    public static string Of(string instrument, string? unit, bool isCounter)
    {
        var name = Legal(instrument);
        if (unit is not null && UnitSuffixes.TryGetValue(unit, out var suffix) && !name.EndsWith(suffix, StringComparison.Ordinal))
        {
            name += suffix;
        }

        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Letters, digits and underscores, no digit first.</summary>
    public static string Legal(string text)
    {
        var legal = new StringBuilder(text.Length + 1);
        foreach (var character in text)
        {
            legal.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        }

        if (legal.Length == 0 || char.IsAsciiDigit(legal[0]))
        {
            legal.Insert(0, '_');
        }

        return legal.ToString();
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text.Json;

namespace KmsGateway.Policy.Tests.Analysis;

/// <summary>
/// Conditions and the keys that requests carry as SMT-LIB 2 terms, written from ram-policy.md 5. Each key is read as one kind of
/// value: a text, a number (with a flag for texts that are none), an instant, or an address.
/// </summary>
internal static class SmtConditions
{
    private const string Tag = "kms:tag/T";

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        [Tag] = "text", ["x:n"] = "number", ["acs:MFAPresent"] = "text", ["acs:SourceIp"] = "address", ["acs:CurrentTime"] = "date", ["acs:PrincipalARN"] = "text", ["acs:UserAgent"] = "text",
    };

    private static readonly (string Prefix, string Kind)[] Operators =
        [("Numeric", "number"), ("Date", "date"), ("Ip", "address"), ("NotIp", "address"), ("String", "text"), ("Bool", "text")];

    /// <summary>Whether every condition reads its key as the kind that the key has here.</summary>
    internal static bool CanSay(JsonElement statement) => !statement.TryGetProperty("Condition", out var condition)
        || condition.EnumerateObject().All(block => block.Value.EnumerateObject().All(test => Array.Find(Operators, row => block.Name.StartsWith(row.Prefix, StringComparison.Ordinal)).Kind == Kinds[test.Name]));

    /// <summary>The keys: which are always there, which never, what they hold (R-KEY-2 to -4, R-TAG-2, 5.3).</summary>
    /// <param name="carriesTags">Whether the action carries tags.</param>
    /// <param name="principalArn">The caller's ARN; null for anybody.</param>
    internal static IEnumerable<string> Declare(string carriesTags, string? principalArn)
    {
        foreach (var key in Kinds.Keys.Select(Name))
        {
            yield return $"(declare-const has_{key} Bool)(declare-const text_{key} String)(declare-const number_{key} Real)(declare-const reads_{key} Bool)(declare-const int_{key} Int)(declare-const v4_{key} Bool)";
        }

        yield return $"(assert (=> has_{Name(Tag)} {carriesTags}))";
        yield return $"(assert (not has_{Name("acs:UserAgent")}))";
        yield return $"(assert (and has_{Name("acs:MFAPresent")} has_{Name("acs:CurrentTime")} has_{Name("acs:PrincipalARN")}))";
        yield return $"(assert (or (= text_{Name("acs:MFAPresent")} \"true\") (= text_{Name("acs:MFAPresent")} \"false\")))";
        yield return principalArn is null ? "" : $"(assert (= text_{Name("acs:PrincipalARN")} {SmtPattern.Text(principalArn)}))";
        var (time, address) = ($"int_{Name("acs:CurrentTime")}", Name("acs:SourceIp"));
        yield return $"(assert (and (<= {Number(-TimeSpan.FromHours(14).Ticks)} {time}) (<= {time} {Number(DateTime.MaxValue.Ticks + TimeSpan.FromHours(14).Ticks)})))";
        yield return $"(assert (and (<= 0 int_{address}) (ite v4_{address} (< int_{address} 4294967296) (< int_{address} {BigInteger.One << 128}))))";

        // IPv4-mapped addresses are IPv4
        yield return $"(assert (or v4_{address} (< int_{address} {new BigInteger(0xFFFF) << 32}) (>= int_{address} {new BigInteger(0x10000) << 32})))";
    }

    /// <summary>R-CND-1 to -7.</summary>
    internal static string Met(JsonElement statement) => !statement.TryGetProperty("Condition", out var condition)
        ? "true"
        : SmtPattern.And(condition.EnumerateObject().SelectMany(block => block.Value.EnumerateObject().Select(test => Test(block.Name, Name(test.Name), Values(test.Value)))));

    internal static string[] Values(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(one => one.GetString()!)] : [list.GetString()!];

    private static string Test(string op, string key, string[] values)
    {
        var isNegated = op.Contains("Not", StringComparison.Ordinal);
        var positive = op.Replace("Not", "", StringComparison.Ordinal);
        var met = $"(and has_{key} {SmtPattern.Or(values.Select(value => One(positive, key, value)))})";
        return isNegated ? $"(not {met})" : met;
    }

    private static string One(string op, string key, string value) => op switch
    {
        "StringEquals" => $"(= text_{key} {SmtPattern.Text(value)})",
        "StringEqualsIgnoreCase" or "Bool" => $"(str.in_re text_{key} {SmtPattern.IgnoringCase(value)})",
        "StringLike" => $"(str.in_re text_{key} {SmtPattern.Wildcards(value)})",
        "IpAddress" => Range(key, value),
        _ when op.StartsWith("Numeric", StringComparison.Ordinal) => $"(and reads_{key} ({Relation(op[7..])} number_{key} {Number(decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture))}))",
        _ => $"({Relation(op[4..])} int_{key} {Number(DateTimeOffset.Parse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcTicks)})",
    };

    private static string Relation(string name) => name switch
    {
        "Equals" => "=",
        "LessThan" => "<",
        "LessThanEquals" => "<=",
        "GreaterThan" => ">",
        _ => ">=",
    };

    private static string Range(string key, string range)
    {
        var parts = range.Split('/');
        var address = IPAddress.Parse(parts[0]);
        var isV4 = address.AddressFamily == AddressFamily.InterNetwork;
        var width = isV4 ? 32 : 128;
        var size = BigInteger.One << (width - (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : width));
        var value = new BigInteger(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
        var first = value - (value % size);
        return $"(and {(isV4 ? $"v4_{key}" : $"(not v4_{key})")} (<= {first} int_{key}) (< int_{key} {first + size}))";
    }

    private static string Number(decimal value)
    {
        var text = Math.Abs(value).ToString(CultureInfo.InvariantCulture);
        return value < 0 ? $"(- {text})" : text;
    }

    private static string Name(string key) => string.Concat(key.Where(char.IsAsciiLetterOrDigit));
}

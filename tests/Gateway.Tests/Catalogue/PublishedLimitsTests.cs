using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using KmsGateway.Gateway.Catalogue;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>Every limit that kms-api.json publishes, at the limit and one past it, over the whole catalogue.</summary>
public sealed class PublishedLimitsTests
{
    private static readonly Dictionary<string, JsonElement> Rows = KmsComparison.Published
        .SelectMany(action => action.GetProperty("request").EnumerateArray().Select(parameter => (Key: $"{KmsComparison.NameOf(action)}.{KmsComparison.NameOf(parameter)}", parameter)))
        .ToDictionary(row => row.Key, row => row.parameter, StringComparer.Ordinal);

    public static TheoryData<string> WithMaxLength() => Having("maxLength");

    public static TheoryData<string> WithMinimum() => HavingNumber("min");

    public static TheoryData<string> WithMaximum() => HavingNumber("max");

    public static TheoryData<string> WithMaxItems() => Having("maxItems");

    public static TheoryData<string> WithEnum() => [.. Rows.Where(row => row.Value.TryGetProperty("enum", out _) && Type(row.Value) == "string").Select(row => row.Key)];

    public static TheoryData<string> WithInterval() => [.. Rows.Keys.Where(key => key.EndsWith(".RotationInterval", StringComparison.Ordinal))];

    public static TheoryData<string> WithRegularExpression() =>
        [.. Rows.Where(row => Comparison.Text(row.Value, "pattern")?.StartsWith('^') == true && !row.Value.TryGetProperty("min", out _)).Select(row => row.Key)];

    public static TheoryData<string> OfType(string type) => [.. Rows.Where(row => Type(row.Value) == type).Select(row => row.Key)];

    [Theory]
    [MemberData(nameof(WithMaxLength))]
    public void Text_AtItsLongest_IsTakenAndOnePastRefused(string row)
    {
        var limit = Rows[row].GetProperty("maxLength").GetInt32();

        Assert.Equal(ParameterFault.None, Read(row, (Name(row), Samples.OfLength(Rows[row], limit))));
        Assert.Equal(ParameterFault.Length, Read(row, (Name(row), Samples.OfLength(Rows[row], limit + 1))));
    }

    [Theory]
    [MemberData(nameof(WithMinimum))]
    public void Number_AtItsSmallest_IsTakenAndOneBelowRefused(string row)
    {
        var limit = Limit(row, "min");

        Assert.Equal(ParameterFault.None, Read(row, (Name(row), Text(limit))));
        Assert.Equal(ParameterFault.Value, Read(row, (Name(row), Text(limit - 1))));
    }

    [Theory]
    [MemberData(nameof(WithMaximum))]
    public void Number_AtItsLargest_IsTakenAndOneAboveRefused(string row)
    {
        // a limit that newer releases raised is taken here at its newest (tests/deviations.md)
        var limit = Limit(row, Rows[row].TryGetProperty("extensionMax", out _) ? "extensionMax" : "max");

        Assert.Equal(ParameterFault.None, Read(row, (Name(row), Text(limit))));
        Assert.Equal(ParameterFault.Value, Read(row, (Name(row), Text(limit + 1))));
    }

    [Theory]
    [MemberData(nameof(OfType), "integer")]
    [MemberData(nameof(OfType), "long")]
    public void Number_WithAnythingButDigits_IsRefused(string row)
    {
        foreach (var text in new[] { "+7", "-7", " 7", "7 ", "7.0", "0x7", "1e1", "seven", "７", "99999999999999999999" })
        {
            Assert.Equal(ParameterFault.Value, Read(row, (Name(row), text)));
        }
    }

    [Theory]
    [MemberData(nameof(WithMaxItems))]
    public void List_AtItsLongest_IsTakenAndOneMoreRefused(string row)
    {
        var limit = Rows[row].GetProperty("maxItems").GetInt32();

        Assert.Equal(ParameterFault.None, Read(row, [.. Samples.Items(Rows[row], limit)]));
        Assert.Equal(ParameterFault.Length, Read(row, [.. Samples.Items(Rows[row], limit + 1)]));
    }

    [Theory]
    [MemberData(nameof(WithEnum))]
    public void Choice_TakesItsValuesAndNoOther(string row)
    {
        string[] values = [.. Rows[row].GetProperty("enum").EnumerateArray().Select(value => value.GetString()!)];
        var isFlag = values is ["true", "false"];

        Assert.All(values, value => Assert.Equal(ParameterFault.None, Read(row, (Name(row), value))));
        foreach (var value in values)
        {
            Assert.Equal(ParameterFault.Value, Read(row, (Name(row), value + "x")));
            Assert.Equal(ParameterFault.Value, Read(row, (Name(row), " " + value)));
            Assert.Equal(isFlag ? ParameterFault.None : ParameterFault.Value, Read(row, (Name(row), OtherCase(value))));
        }
    }

    [Theory]
    [MemberData(nameof(WithInterval))]
    public void Interval_AtItsEnds_IsTakenAndOneSecondBeyondRefused(string row)
    {
        var (min, max) = (Seconds(Comparison.Text(Rows[row], "min")!), Seconds(Comparison.Text(Rows[row], "max")!));

        Assert.Equal(ParameterFault.None, Read(row, (Name(row), $"{Text(min)}s")));
        Assert.Equal(ParameterFault.None, Read(row, (Name(row), $"{Text(max)}s")));
        Assert.Equal(ParameterFault.Value, Read(row, (Name(row), $"{Text(min - 1)}s")));
        Assert.Equal(ParameterFault.Value, Read(row, (Name(row), $"{Text(max + 1)}s")));
        foreach (var text in new[] { "7", "d", "07d", "0d", "-7d", "7D", "7 d", "7.5d", "7dd", "7w", "99999999999999999999d" })
        {
            Assert.Equal(ParameterFault.Format, Read(row, (Name(row), text)));
        }
    }

    [Theory]
    [MemberData(nameof(WithRegularExpression))]
    public void Pattern_TakesWhatThePublishedExpressionTakes(string row)
    {
        // \z: the $ of the published expression means the very end
        var pattern = new Regex(Comparison.Text(Rows[row], "pattern")!.TrimEnd('$') + @"\z", RegexOptions.CultureInvariant);
        var prefix = Name(row) == "AliasName" ? "alias/" : "";
        var candidates = Enumerable.Range(0, 0x180).Select(c => $"{prefix}a{(char)c}b")
            .Concat(new[] { 1, 2, 191, 192, 193, 254, 255, 256 }.Select(length => prefix + new string('a', length)))
            .Concat(["alias/", "alias", "Alias/a", "aliasa", "/alias/a", "a\n", prefix + "a\n", "*", "alias/*"]);

        Assert.All(candidates, text => Assert.Equal(pattern.IsMatch(text), Read(row, (Name(row), text)) == ParameterFault.None));
    }

    [Theory]
    [MemberData(nameof(OfType), "base64")]
    public void Base64_MustBeCanonical(string row)
    {
        Assert.All(["AAAA", "AA==", "AAA=", "+/+/", "AQIDBA=="], text => Assert.Equal(ParameterFault.None, Read(row, (Name(row), text))));
        Assert.All(
            ["A", "AA", "AAA", "AAAAA", "AB==", "AAB=", "AA==AA==", "AA= =", "AAAA\n", " AAAA", "-_-_", "====", "A===", "é===", "AAAA="],
            text => Assert.Equal(ParameterFault.Format, Read(row, (Name(row), text))));
    }

    [Theory]
    [MemberData(nameof(OfType), "boolean")]
    public void Boolean_TakesAnyLetterCaseAndNothingElse(string row)
    {
        Assert.All(["true", "True", "FALSE", "false"], text => Assert.Equal(ParameterFault.None, Read(row, (Name(row), text))));
        Assert.All(["1", "0", "yes", "on", " true", "true ", "t"], text => Assert.Equal(ParameterFault.Value, Read(row, (Name(row), text))));
    }

    private static ParameterFault Read(string row, params (string, string)[] parameters)
    {
        var spec = Parameters.Kms(row.Split('.')[0]).Parameter(Name(row))!;
        return spec.Type.Read(Parameters.Of(parameters), spec).Fault;
    }

    private static string Name(string row) => row[(row.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private static string Type(JsonElement parameter) => Comparison.Text(parameter, "type")!;

    private static TheoryData<string> Having(string member) => [.. Rows.Where(row => row.Value.TryGetProperty(member, out _)).Select(row => row.Key)];

    private static TheoryData<string> HavingNumber(string member) =>
        [.. Rows.Where(row => row.Value.TryGetProperty(member, out var limit) && limit.ValueKind == JsonValueKind.Number).Select(row => row.Key)];

    private static long Limit(string row, string member) => Rows[row].GetProperty(member).GetInt64();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string OtherCase(string value) =>
        value.Any(char.IsAsciiLetterUpper) ? value.ToLowerInvariant() : value.ToUpperInvariant();

    private static long Seconds(string interval) =>
        long.Parse(interval[..^1], CultureInfo.InvariantCulture) * (interval[^1] == 'd' ? 86_400 : 3_600);
}

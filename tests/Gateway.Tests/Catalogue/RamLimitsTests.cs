using System.Globalization;
using KmsGateway.Gateway.Catalogue;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>Every limit that ram-sts-api.json words, at the limit and one past it.</summary>
public sealed class RamLimitsTests
{
    private static readonly Dictionary<string, (ActionDescriptor Action, string Parameter, string Values)> Rows = RamComparison.Published
        .SelectMany(pair => pair.Operation.GetProperty("request").EnumerateObject().Select(parameter => (pair.Name, pair.Operation, parameter)))
        .ToDictionary(
            row => $"{row.Name}.{row.parameter.Name}",
            row => (Parameters.Find(row.Operation.GetProperty("version").GetString()!, row.Name), row.parameter.Name, row.parameter.Value.GetProperty("values").GetString()!),
            StringComparer.Ordinal);

    public static TheoryData<string> Texts() => [.. Rows.Where(row => RamComparison.Read(row.Value.Values).MaxLength.Length > 0).Select(row => row.Key)];

    public static TheoryData<string> Numbers() => [.. Rows.Where(row => RamComparison.Read(row.Value.Values).Max.Length > 0).Select(row => row.Key)];

    public static TheoryData<string> Choices() => [.. Rows.Where(row => RamComparison.Read(row.Value.Values).Choice.Length > 0).Select(row => row.Key)];

    public static TheoryData<string> Names() => [.. Rows.Where(row => row.Value.Values.Contains(": letters, digits", StringComparison.Ordinal)).Select(row => row.Key)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_AtItsEnds_IsTakenAndBeyondRefused(string row)
    {
        var words = RamComparison.Read(Rows[row].Values);
        var (min, max) = (int.Parse(words.MinLength, CultureInfo.InvariantCulture), int.Parse(words.MaxLength, CultureInfo.InvariantCulture));

        Assert.Equal(ParameterFault.None, Read(row, new string('a', max)));
        Assert.Equal(ParameterFault.Length, Read(row, new string('a', max + 1)));
        Assert.Equal(ParameterFault.None, Read(row, new string('a', Math.Max(1, min))));
        if (min > 1)
        {
            Assert.Equal(ParameterFault.Length, Read(row, new string('a', min - 1)));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Number_AtItsEnds_IsTakenAndBeyondRefused(string row)
    {
        var words = RamComparison.Read(Rows[row].Values);
        var (min, max) = (long.Parse(words.Min, CultureInfo.InvariantCulture), long.Parse(words.Max, CultureInfo.InvariantCulture));

        Assert.Equal([ParameterFault.Value, ParameterFault.None, ParameterFault.None, ParameterFault.Value], new[] { min - 1, min, max, max + 1 }.Select(
            number => Read(row, number.ToString(CultureInfo.InvariantCulture))));
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Choice_TakesItsValuesAndNoOther(string row)
    {
        foreach (var value in RamComparison.Read(Rows[row].Values).Choice.Split(", "))
        {
            Assert.Equal(ParameterFault.None, Read(row, value));
            Assert.Equal(ParameterFault.Value, Read(row, value.ToLowerInvariant()));
            Assert.Equal(ParameterFault.Value, Read(row, value + "x"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Name_TakesThePublishedCharactersAndNoOther(string row)
    {
        var words = Rows[row].Values.Split("letters, digits")[1].Split("(older")[0];
        var signs = words.Where(c => !char.IsWhiteSpace(c)).ToHashSet();
        if (!words.TrimStart(',').Contains(',', StringComparison.Ordinal))
        {
            signs.Remove(','); // the comma after "digits", not one of the characters
        }

        for (var c = ' '; c < 0x180; c++)
        {
            var isAllowed = char.IsAsciiLetterOrDigit(c) || signs.Contains(c);
            Assert.Equal((c, isAllowed ? ParameterFault.None : ParameterFault.Characters), (c, Read(row, $"a{c}b")));
        }
    }

    [Theory]
    [InlineData("CreateUser", "Email", "a@b", "ab@", "@b", "a@@b", "a b@c", "a@b\n")]
    [InlineData("CreateUser", "MobilePhone", "86-13800000000", "8613800000000", "+86-138", "86-", "-138", "86-138-1", "86-138x")]
    [InlineData("GetPolicyVersion", "VersionId", "v12", "v", "v0", "v01", "12", "V1", "v1 ", "v1234567890")]
    [InlineData("AssumeRole", "RoleArn", "acs:ram::1234567890123456:role/ci", "acs:ram::1:role/", "acs:ram::1:user/a", "acs:ram:*:1:role/a", "acs:ram:::role/a", "acs:ram::*:role/a", "acs:ram::1:role/*", "acs:ram::1:role/a/b", "acs:kms::1:role/a")]
    public void Form_OtherThanPublished_IsRefused(string action, string parameter, string good, params string[] bad)
    {
        var row = $"{action}.{parameter}";

        Assert.Equal(ParameterFault.None, Read(row, good));
        Assert.All(bad, text => Assert.Equal(ParameterFault.Format, Read(row, text)));
    }

    [Theory]
    [InlineData(64, ParameterFault.None)]
    [InlineData(65, ParameterFault.Format)]
    public void RoleArn_RoleNameLength_EndsAt64(int length, object expected) =>
        Assert.Equal((ParameterFault)expected, Read("AssumeRole.RoleArn", $"acs:ram::1:role/{new string('a', length)}"));

    private static ParameterFault Read(string row, string text)
    {
        var spec = Rows[row].Action.Parameter(Rows[row].Parameter)!;
        return spec.Type.Read(Parameters.Of((spec.Name, text)), spec).Fault;
    }
}

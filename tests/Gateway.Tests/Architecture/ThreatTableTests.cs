using System.Text.RegularExpressions;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Architecture;

/// <summary>docs/threats.md names tests that exist, for every class.</summary>
public sealed partial class ThreatTableTests
{
    private const int Classes = 23;

    [Fact]
    public void Table_NamesATestForEveryClass_ThatExists()
    {
        var rows = File.ReadLines(Path.Combine(TestData.Repository, "docs", "threats.md")).Where(line => Row().IsMatch(line)).ToArray();
        Assert.Equal(Enumerable.Range(1, Classes), rows.Select(row => int.Parse(row.Split('|')[1], System.Globalization.CultureInfo.InvariantCulture)));

        var files = Directory.EnumerateFiles(Path.Combine(TestData.Repository, "tests"), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        Assert.All(rows, row =>
        {
            var tests = TestName().Matches(row).Select(match => match.Value).ToArray();
            Assert.NotEmpty(tests);
            Assert.All(tests, test => Assert.Contains(test.EndsWith(".mjs", StringComparison.Ordinal) ? test : test + ".cs", files));
        });
    }

    [GeneratedRegex(@"^\| \d+ \|", RegexOptions.None, 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"\w+Tests\b|[\w-]+\.test\.mjs", RegexOptions.None, 1000)]
    private static partial Regex TestName();
}

using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Linting;
using KmsGateway.Tests;

namespace KmsGateway.Policy.Tests.Linting;

/// <summary>Every issue code over its documents in <c>tests/data/lint/codes</c>: found where it is, with path and span, and not elsewhere.</summary>
public sealed class FindingCodesTests
{
    private static readonly Dictionary<string, FindingCase[]> Cases = FindingCodes.All.ToDictionary(
        code => code.IssueCode,
        code => FindingCase.Read(TestData.Path("lint", "codes", $"{code.IssueCode}.txt")).ToArray(),
        StringComparer.Ordinal);

    public static TheoryData<string> Codes => [.. Cases.Keys];

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var item in Cases.Values.SelectMany(items => items))
            {
                data.Add(item.Code, item.Title);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Report_OfCase_HasTheFindingsOfTheCode(string code, string title)
    {
        var item = Cases[code].Single(item => item.Title == title);
        var report = PolicyLinter.Report(item.Text, item.Kind, item.Options);
        var found = report.Findings.Where(finding => finding.IssueCode == code).ToArray();
        Assert.True(report.IsComplete);
        Assert.Equal(item.IsPositive, item.Expected.Count > 0);
        Assert.Equal(item.Expected, found.Select(FindingCase.Describe));
        Assert.All(found, finding => Assert.Equal(FindingCodes.TypeOf(code), finding.Type));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Code_HasTwoDocumentsOfEachKind(string code)
    {
        Assert.True(Cases[code].Count(item => item.IsPositive) >= 2);
        Assert.True(Cases[code].Count(item => !item.IsPositive) >= 2);
    }

    [Fact]
    public void Files_AreOfCodesThatExist() => Assert.Equal(
        FindingCodes.All.Select(code => code.IssueCode).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(TestData.Path("lint", "codes")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    /// <summary>The negative documents of a code for a faulty document may be faulty otherwise; all others are sound.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void Documents_OfCodesOtherThanErrors_AreAccepted(string code)
    {
        if (FindingCodes.TypeOf(code) != FindingType.Error)
        {
            Assert.All(Cases[code], item => Assert.Empty(PolicyParser.Parse(item.Text, item.Kind).Faults));
        }
    }

    [Fact]
    public void Table_InTheDocumentation_IsThisOne()
    {
        var rows = FindingCodes.All.Select(code => $"| `{code.IssueCode}` | {FindingCodes.NameOf(code.Type)} | {code.Meaning} |");
        var page = File.ReadAllLines(Path.Combine(TestData.Repository, "docs", "findings.md"));
        Assert.Equal(rows, page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }
}

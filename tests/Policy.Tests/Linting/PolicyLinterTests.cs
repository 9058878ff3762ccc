using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Linting;
using KmsGateway.Policy.Tests.Documents;
using KmsGateway.Policy.Tests.GoldenCases;
using KmsGateway.Tests;

namespace KmsGateway.Policy.Tests.Linting;

/// <summary>The linter over whole documents: the golden cases, damaged ones, the system policies.</summary>
public sealed class PolicyLinterTests
{
    private const int Documents = 10_000;

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, string> Codes = File.ReadAllLines(TestData.Path("lint", "validation-codes.txt"))
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    public static TheoryData<string> Validations => [.. CaseFiles.Ids("validation")];

    public static TheoryData<string> Shipped => [.. CaseFiles.Shipped("validation").Where(id => !IsValid(CaseFiles.Get(id)))];

    [Theory]
    [MemberData(nameof(Validations))]
    public void Report_OfGoldenDocument_HasErrorsExactlyWhenInvalid(string id)
    {
        var (text, kind) = Document(CaseFiles.Get(id));
        Assert.Equal(IsValid(CaseFiles.Get(id)), !HasError(Checked(text, kind)));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Report_OfInvalidGoldenDocument_HasItsCode(string id)
    {
        var item = CaseFiles.Get(id);
        var (text, kind) = Document(item);
        Assert.Contains(Codes[item.GetProperty("name").GetString()!], Checked(text, kind).Findings.Select(finding => finding.IssueCode));
    }

    [Fact]
    public void Codes_OfGoldenDocuments_AreOneForEachInvalid() =>
        Assert.Equal(Codes.Keys.Order(StringComparer.Ordinal), CaseFiles.Shipped("validation").Select(CaseFiles.Get).Where(item => !IsValid(item)).Select(item => item.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));

    [Fact]
    public void Report_OfDamagedDocument_HasErrorsExactlyWhenTheParserRefuses()
    {
        var first = Random.Shared.Next(int.MaxValue / 2);
        var refused = 0;
        Parallel.For(0, Documents, i =>
        {
            var (text, kind) = PolicyParserFuzzTests.Damaged(first + i);
            var isValid = PolicyParser.Parse(text, kind).IsValid;
            Interlocked.Add(ref refused, isValid ? 0 : 1);
            Assert.True(isValid == !HasError(Checked(text, kind)), $"seed {first + i}: {text}");
        });
        Assert.InRange(refused, Documents / 10, Documents - 1);
    }

    /// <summary>A pointer below a member that is there twice may mean the second one, whatever the first one is.</summary>
    [Fact]
    public void Report_OfFaultsBelowARepeatedMember_NamesTheirPaths()
    {
        const string Text = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}],"Statement":{"a":1,"a":2}}""";
        var paths = Checked(Text, PolicyKind.Identity).Findings.Select(finding => string.Join('/', finding.Locations[0].Path));
        Assert.Equal(["Statement", "Statement/a"], paths);
    }

    [Fact]
    public void Report_OfSystemPolicies_IsTheOneThatWasRead()
    {
        var lines = SystemPolicies.All.SelectMany(policy => Checked(policy.Document.Source, PolicyKind.Identity).Findings
            .Select(finding => $"{policy.Name}: {FindingCodes.NameOf(finding.Type)} {finding.IssueCode} {string.Join(" | ", finding.Locations.Select(location => string.Join(" > ", location.Path)))}"));
        GoldenFile.Verify(string.Join('\n', lines) + "\n", "lint", "system-policies.txt");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public void Report_OfUnknownKind_IsRefused(int kind) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PolicyLinter.Report("{}", (PolicyKind)kind));

    /// <summary>The report; what holds for all of them is looked at on the way.</summary>
    private static LintReport Checked(string text, PolicyKind kind)
    {
        var report = PolicyLinter.Report(text, kind);
        Assert.All(report.Findings, finding =>
        {
            Assert.Equal(FindingCodes.TypeOf(finding.IssueCode), finding.Type);
            Assert.NotEmpty(finding.Details);
            Assert.NotEmpty(finding.Locations);
            Assert.All(finding.Locations, location => Assert.True(IsWithin(location.Span, text), $"{finding.IssueCode} {location} in {text}"));
        });
        return report;
    }

    private static bool IsWithin(SourceSpan span, string text) =>
        span is { Start.Line: >= 1, Start.Column: >= 1, Start.Offset: >= 0 } && span.Start.Offset <= span.End.Offset && span.End.Offset <= text.Length;

    private static bool HasError(LintReport report) => report.Findings.Any(finding => finding.Type == FindingType.Error);

    private static bool IsValid(JsonElement item) => item.GetProperty("expect").GetProperty("valid").GetBoolean();

    private static (string Text, PolicyKind Kind) Document(JsonElement item) => (
        item.TryGetProperty("documentText", out var raw) ? RawJsonText.Decode(raw) : JsonSerializer.Serialize(item.GetProperty("document"), AsWritten),
        Enum.Parse<PolicyKind>(item.GetProperty("policyKind").GetString()!, ignoreCase: true));
}

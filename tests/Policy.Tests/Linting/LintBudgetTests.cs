using System.Diagnostics;
using System.Globalization;
using System.Text;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Linting;
using Xunit.Abstractions;

namespace KmsGateway.Policy.Tests.Linting;

/// <summary>The largest documents of a kind, made to be slow: the linter ends all the same, and says what it left out.</summary>
public sealed class LintBudgetTests(ITestOutputHelper output)
{
    private const int IdentitySize = 6_144;
    private const int KeySize = 32_768;

    /// <summary>Many times what it takes on a busy machine; without the budget some of these take hours.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, (PolicyKind Kind, string Text, bool IsComplete)> Documents = new(StringComparer.Ordinal)
    {
        ["literal actions"] = (PolicyKind.Key, KeyPolicy(KeySize, i => $"kms:a{i}"), false),
        ["wild actions"] = (PolicyKind.Key, KeyPolicy(KeySize, i => $"kms:*a{i}*"), false),
        ["interleaved actions"] = (PolicyKind.Key, KeyPolicy(KeySize, i => $"kms:*{Bits(i, 'a', 'b', "*")}*"), false),
        ["many question marks"] = (PolicyKind.Identity, OneStatement(IdentitySize, "kms:Encrypt", i => $"acs:kms:*:*:*{new string('?', 20 + (i % 40))}a{new string('*', i % 3)}"), false),
        ["one long resource beside another"] = (PolicyKind.Identity, OneStatement(IdentitySize, "kms:Decrypt\",\"kms:DisableKey", i => $"acs:kms:*:*:*{string.Concat(Enumerable.Repeat(i % 2 == 0 ? "a*b*?" : "b*?a*", 580))}"), true),
        ["resources in halves"] = (PolicyKind.Identity, OneStatement(IdentitySize, "kms:Decrypt\",\"kms:DisableKey", i => $"acs:*:*:*:*{Bits(i, 'a', 'b', "*?")}*"), true),
        ["allows under denies"] = (PolicyKind.Identity, Statements(IdentitySize, i => $$"""{"Effect":"{{(i % 2 == 0 ? "Allow" : "Deny")}}","Action":["kms:*a*b{{i}}*","kms:*"],"Resource":["acs:*:*:*:*?a*b{{i}}*","acs:kms:*:*:*c*?"]}"""), false),
        ["principals"] = (PolicyKind.Key, Statements(KeySize, i => $$"""{"Effect":"{{(i % 2 == 0 ? "Allow" : "Deny")}}","Principal":{"RAM":"acs:ram::1:root"},"Action":["kms:*a*{{i}}","kms:b*"],"Resource":"*"}"""), false),
        ["conditions"] = (PolicyKind.Key, OfConditions(KeySize), false),
    };

    public static TheoryData<string> Names => [.. Documents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Report_OfHostileDocument_EndsAndSaysWhatIsMissing(string name)
    {
        var (kind, text, isComplete) = Documents[name];
        var clock = Stopwatch.StartNew();
        var report = PolicyLinter.Report(text, kind);
        output.WriteLine($"{text.Length} characters, {clock.ElapsedMilliseconds} ms, {report.Findings.Length} findings, unfinished: {string.Join(' ', report.Unfinished)}");
        Assert.DoesNotContain(report.Findings, finding => finding.Type == FindingType.Error);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Patience);
        Assert.All(report.Findings.CountBy(finding => finding.IssueCode), count => Assert.InRange(count.Value, 1, PolicyLinter.MaxFindings));
        Assert.Equal(isComplete, report.IsComplete);
    }

    private static string OneStatement(int size, string action, Func<int, string> resource) =>
        List(size, $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":["{{action}}"],"Resource":[""", i => $"\"{resource(i)}\"", "]}]}");

    private static string KeyPolicy(int size, Func<int, string> action) =>
        List(size, """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Resource":"*","Action":[""", i => $"\"{action(i)}\"", "]}]}");

    private static string OfConditions(int size) =>
        List(size, """{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"acs:ram::1:root"},"Resource":"*","Action":["kms:ListKeys","kms:CreateKey"],"Condition":{"StringNotEquals":{""", i => $"\"kms:tag/{i}\":\"\"", "}}}]}");

    private static string Statements(int size, Func<int, string> statement) => List(size, """{"Version":"1","Statement":[""", statement, "]}");

    /// <summary>As many elements as fit.</summary>
    private static string List(int size, string head, Func<int, string> element, string tail)
    {
        var text = new StringBuilder(head).Append(element(0));
        for (var i = 1; text.Length + 1 + element(i).Length + tail.Length <= size; i++)
        {
            text.Append(',').Append(element(i));
        }

        return text.Append(tail).ToString();
    }

    /// <summary>The bits of a number as two letters, something between them.</summary>
    private static string Bits(int number, char zero, char one, string between) =>
        string.Join(between, number.ToString("b8", CultureInfo.InvariantCulture).Select(bit => bit == '0' ? zero : one));
}

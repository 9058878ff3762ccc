using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.GoldenCases;

/// <summary>
/// What an author reads: every fault of every validation case whole, with its place and its sentence, and what becomes of the valid
/// ones. UPDATE_GOLDEN=1 rewrites the file, which then has to be read again.
/// </summary>
public sealed class ValidationReportTests
{
    private static readonly JsonSerializerOptions Indented = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    [Fact]
    public void Report_OfEveryValidationCase_IsTheOneThatWasRead()
    {
        var report = new StringBuilder();
        foreach (var id in CaseFiles.Shipped("validation"))
        {
            var item = CaseFiles.Get(id);
            var kind = Enum.Parse<PolicyKind>(item.GetProperty("policyKind").GetString()!, ignoreCase: true);
            var text = item.TryGetProperty("documentText", out var raw)
                ? RawJsonText.Decode(raw)
                : JsonSerializer.Serialize(item.GetProperty("document"), Indented);
            report.Append(CultureInfo.InvariantCulture, $"{item.GetProperty("name").GetString()} ({kind})\n");
            Append(report, PolicyParser.Parse(text, kind));
        }

        GoldenFile.Verify(report.ToString(), "validation-report.txt");
    }

    private static void Append(StringBuilder report, PolicyParseResult result)
    {
        foreach (var fault in result.Faults)
        {
            report.Append(CultureInfo.InvariantCulture, $"  {fault.Line}:{fault.Column} {fault.Reason} at '{Printable(fault.Pointer)}': {fault.Detail}\n");
        }

        if (result.Document is { } document)
        {
            var spans = document.Statements.Select(statement => string.Create(CultureInfo.InvariantCulture, $"{Place(statement.Span.Start)} to {Place(statement.Span.End)}"));
            report.Append(CultureInfo.InvariantCulture, $"  statements {string.Join(", ", spans)}\n  {Printable(PolicyWriter.Write(document))}\n");
        }
    }

    private static string Place(SourcePosition position) => string.Create(CultureInfo.InvariantCulture, $"{position.Line}:{position.Column}={position.Offset}");

    private static string Printable(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and < '\u007F' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")));
}

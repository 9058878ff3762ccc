using System.Collections.Frozen;
using System.Text.Json;
using KmsGateway.Policy.Linting;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>Findings as SARIF: a rule per issue code, a result per finding.</summary>
internal static class LintSarif
{
    private static readonly FrozenDictionary<FindingType, string> Levels = new Dictionary<FindingType, string>
    {
        [FindingType.Error] = "error",
        [FindingType.SecurityWarning] = "warning",
        [FindingType.Warning] = "warning",
        [FindingType.Suggestion] = "note",
    }.ToFrozenDictionary();

    private static readonly SarifRule[] Rules = [.. FindingCodes.All.Select(code => new SarifRule(code.IssueCode, Levels[code.Type], code.Meaning))];

    public static void Write(Utf8JsonWriter writer, LintedFile[] files)
    {
        var sarif = new SarifWriter(writer, Rules);
        string[] notices =
        [
            .. files.Where(file => !file.Report.IsComplete)
                .Select(file => $"{file.File.Path}: not looked for to the end: {string.Join(", ", file.Report.Unfinished)}"),
        ];
        sarif.Log(() => WriteResults(sarif, files), notices);
    }

    private static void WriteResults(SarifWriter sarif, LintedFile[] files)
    {
        foreach (var (file, report) in files)
        {
            foreach (var finding in report.Findings)
            {
                sarif.Result(
                    finding.IssueCode,
                    finding.Details,
                    [.. finding.Locations.Select(location => new SarifPlace(file.Path, location.Span, PointerOf(location)))]);
            }
        }
    }

    /// <summary>RFC 6901; empty for the whole document.</summary>
    private static string PointerOf(FindingLocation location) => string.Concat(location.Path.Select(step =>
        $"/{step.ToString().Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}"));
}

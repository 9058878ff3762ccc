using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KmsGateway.Policy.Linting;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy lint</c>: the findings on policies in files; exit code 1 when one is an ERROR. Codes: docs/findings.md.</summary>
internal sealed class LintCommand() : FormattedVerb("lint", "Judge policy documents; exit code 1 when one has an ERROR.", Text, Json, Sarif)
{
    private readonly Argument<string> path = new("path") { Description = "a file, or a folder of *.json" };
    private readonly Option<string?> kind = VerbOptions.Choice("--kind", $"{PolicyKinds.Names}; else by the folder's name (key-policies), else identity", [.. PolicyKinds.All]);
    private readonly Option<string?> account = new("--account") { Description = "account that the policies are for: other ones in ARNs are foreign" };
    private readonly Option<string?> region = new("--region") { Description = "region that the policies are for" };

    protected override void AddTo(Command command)
    {
        command.Add(path);
        command.Add(kind);
        command.Add(account);
        command.Add(region);
    }

    protected override int Run(ParseResult parsed, string format, TextWriter output)
    {
        var options = new LintOptions(parsed.GetValue(account), parsed.GetValue(region));
        var chosen = parsed.GetValue(kind) is { } name ? PolicyKinds.Find(name) : null;
        LintedFile[] files =
        [
            .. PolicyFile.ReadAll(parsed.GetRequiredValue(path), chosen).Select(file => new LintedFile(file, PolicyLinter.Report(file.Text, file.Kind, options))),
        ];
        switch (format)
        {
            case Json:
                WriteJson(output, writer => Write(writer, files));
                break;
            case Sarif:
                WriteJson(output, writer => LintSarif.Write(writer, files));
                break;
            default:
                WriteText(output, files);
                break;
        }

        return Count(files, FindingType.Error) > 0 ? Failed : 0;
    }

    private static void WriteText(TextWriter output, LintedFile[] files)
    {
        foreach (var (file, report) in files)
        {
            foreach (var finding in report.Findings)
            {
                var start = finding.Locations[0].Span.Start;
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{file.Path}:{start.Line}:{start.Column}: {FindingCodes.NameOf(finding.Type)} {finding.IssueCode}: {finding.Details}"));
            }

            if (!report.IsComplete)
            {
                output.WriteLine($"{file.Path}: not looked for to the end: {string.Join(", ", report.Unfinished)}");
            }
        }

        var counts = Types.Select(type => string.Create(CultureInfo.InvariantCulture, $"{Count(files, type)} {FindingCodes.NameOf(type)}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Length} policies: {string.Join(", ", counts)}"));
    }

    private static void Write(Utf8JsonWriter writer, LintedFile[] files)
    {
        writer.WriteStartArray("policies");
        foreach (var (file, report) in files)
        {
            writer.WriteStartObject();
            writer.WriteString("file", file.Path);
            writer.WriteString("kind", PolicyKinds.NameOf(file.Kind));
            FindingWriter.Write(writer, report);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("counts");
        foreach (var type in Types)
        {
            writer.WriteNumber(FindingCodes.NameOf(type), Count(files, type));
        }

        writer.WriteEndObject();
    }

    private static ImmutableArray<FindingType> Types { get; } = [FindingType.Error, FindingType.SecurityWarning, FindingType.Warning, FindingType.Suggestion];

    private static int Count(LintedFile[] files, FindingType type) =>
        files.Sum(file => file.Report.Findings.Count(finding => finding.Type == type));
}

/// <summary>A policy with what the linter says about it.</summary>
internal sealed record LintedFile(PolicyFile File, LintReport Report);

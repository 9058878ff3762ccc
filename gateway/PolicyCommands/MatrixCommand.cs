using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy matrix</c>: judges every cell of one or more grids against their expectations.</summary>
internal sealed class MatrixCommand()
    : FormattedVerb("matrix", "Judge every cell of a *.matrix.json file, or of all those in a folder; ends with N passed, N failed.", Text, Json, Sarif)
{
    private static readonly SarifRule[] Rules = [new("FailedExpectation", "error", "A cell is decided otherwise than the matrix expects.")];

    private readonly Argument<string> path = new("path") { Description = "a file, or a folder of *.matrix.json" };

    protected override void AddTo(Command command) => command.Add(path);

    protected override int Run(ParseResult parsed, string format, TextWriter output)
    {
        // Why read first: a file that cannot be read must not hide behind the results of others.
        var questions = Files(parsed.GetRequiredValue(path), ".matrix.json").Select(file => (File: file, Question: MatrixFile.Read(file))).ToArray();
        var judged = questions.SelectMany(entry => PolicyMatrix.Judge(entry.Question).Select(outcome => (entry.File, Outcome: outcome))).ToArray();
        var failed = judged.Count(entry => entry.Outcome.IsFailed);
        switch (format)
        {
            case Json:
                WriteJson(output, writer => Write(writer, judged));
                break;
            case Sarif:
                WriteJson(output, writer => WriteSarif(writer, judged));
                break;
            default:
                WriteText(output, judged, failed);
                break;
        }

        return failed > 0 ? Failed : 0;
    }

    private static string Difference(MatrixOutcome outcome) =>
        $"expected {outcome.Expected!.Verdict}, is {outcome.Result.Decision.Verdict}. {outcome.Result.Text}";

    /// <summary>The failed expectations.</summary>
    private static void WriteSarif(Utf8JsonWriter writer, (string File, MatrixOutcome Outcome)[] judged)
    {
        var sarif = new SarifWriter(writer, Rules);
        sarif.Log(WriteResults, []);

        void WriteResults()
        {
            foreach (var (file, outcome) in judged.Where(entry => entry.Outcome.IsFailed))
            {
                sarif.Result(Rules[0].Id, $"{Name(outcome.Cell)}: {Difference(outcome)}", [new SarifPlace(file, null, Name(outcome.Cell))]);
            }
        }
    }

    private static void WriteText(TextWriter output, (string File, MatrixOutcome Outcome)[] judged, int failed)
    {
        foreach (var (file, outcome) in judged.Where(entry => entry.Outcome.IsFailed))
        {
            output.WriteLine($"FAIL {file}: {Name(outcome.Cell)}: {Difference(outcome)}");
        }

        var unexpected = judged.Count(entry => entry.Outcome.Expected is null);
        if (unexpected > 0)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{unexpected} cells without an expectation"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{judged.Length - unexpected - failed} passed, {failed} failed"));
    }

    private static void Write(Utf8JsonWriter writer, (string File, MatrixOutcome Outcome)[] judged)
    {
        writer.WriteStartArray("cells");
        foreach (var (file, outcome) in judged)
        {
            writer.WriteStartObject();
            writer.WriteString("file", file);
            writer.WriteString("principal", outcome.Cell.Principal.Label);
            writer.WriteString("action", outcome.Cell.Action);
            writer.WriteString("resource", outcome.Cell.Resource.Asked);
            writer.WriteString("context", outcome.Cell.Context.Name);
            writer.WriteString("cell", outcome.Letter.ToString());
            if (outcome.Expected is { } expected)
            {
                writer.WriteString("expected", expected.Verdict.ToString());
            }

            if (outcome.IsFailed)
            {
                writer.WritePropertyName("result");
                SimulationWriter.Write(writer, outcome.Result, ExplainDetail.Deciding);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("passed", judged.Count(entry => entry.Outcome.IsPassed));
        writer.WriteNumber("failed", judged.Count(entry => entry.Outcome.IsFailed));
    }

    private static string Name(MatrixCell cell) => $"{cell.Principal.Label} {cell.Action} {cell.Resource.Asked} {cell.Context.Name}";
}

using System.Globalization;
using System.Text.Json;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy matrix</c>: judges every cell of one or more grids against their expectations.</summary>
internal sealed class MatrixCommand()
    : PolicyVerb("matrix", "Judge every cell of a *.matrix.json file, or of all those in a folder; ends with N passed, N failed.", "path")
{
    protected override int Run(string path, bool isJson, TextWriter output)
    {
        // Why read first: a file that cannot be read must not hide behind the results of others.
        var questions = Files(path, ".matrix.json").Select(file => (File: file, Question: MatrixFile.Read(file))).ToArray();
        var judged = questions.SelectMany(entry => PolicyMatrix.Judge(entry.Question).Select(outcome => (entry.File, Outcome: outcome))).ToArray();
        var failed = judged.Count(entry => entry.Outcome.IsFailed);
        if (isJson)
        {
            WriteJson(output, writer => Write(writer, judged));
        }
        else
        {
            WriteText(output, judged, failed);
        }

        return failed > 0 ? Failed : 0;
    }

    private static void WriteText(TextWriter output, (string File, MatrixOutcome Outcome)[] judged, int failed)
    {
        foreach (var (file, outcome) in judged.Where(entry => entry.Outcome.IsFailed))
        {
            output.WriteLine($"FAIL {file}: {Name(outcome.Cell)}: expected {outcome.Expected!.Verdict}, is {outcome.Result.Decision.Verdict}. {outcome.Result.Text}");
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

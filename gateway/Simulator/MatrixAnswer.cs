using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>How a grid is written.</summary>
internal enum MatrixForm
{
    None = 0,
    Json,
    NdJson,
    Csv,
}

/// <summary>A grid in numbers.</summary>
/// <param name="Passed">Cells that come out as expected.</param>
/// <param name="Failed">Cells that do not.</param>
/// <param name="Unexpected">Cells that no expectation is about.</param>
internal sealed record MatrixSummary(int Passed, int Failed, int Unexpected)
{
    public static MatrixSummary Of(ImmutableArray<MatrixOutcome> outcomes)
    {
        var (passed, failed) = (outcomes.Count(outcome => outcome.IsPassed), outcomes.Count(outcome => outcome.IsFailed));
        return new MatrixSummary(passed, failed, outcomes.Length - passed - failed);
    }
}

/// <summary>Writes a grid as it streams out: one JSON object, one JSON object a line, or CSV. Source: simulator.md 5.</summary>
internal static class MatrixAnswer
{
    /// <summary>Failed cells that are told with their reasons; the others are told among the cells.</summary>
    public const int MaxExplained = 200;

    private const int CellsPerFlush = 500;
    private const string NdJsonType = "application/x-ndjson;charset=utf-8";
    private const string CsvType = "text/csv;charset=utf-8";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>By the parameter <c>format</c>, else by <c>Accept</c>, else JSON.</summary>
    public static MatrixForm FormOf(Call call)
    {
        var accept = call.Http.Request.Headers.Accept.ToString();
        return call.Request!.Parameters.ValueOrNull("format") switch
        {
            "json" => MatrixForm.Json,
            "ndjson" => MatrixForm.NdJson,
            "csv" => MatrixForm.Csv,
            null when accept.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase) => MatrixForm.NdJson,
            null when accept.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase) => MatrixForm.Csv,
            null => MatrixForm.Json,
            _ => throw KmsErrors.InvalidParameter.Because($"{KmsErrors.InvalidParameter.Render("format")} It is json, ndjson or csv.", "format"),
        };
    }

    public static SimulatorAnswer Of(string requestId, MatrixForm form, ImmutableArray<MatrixOutcome> outcomes, MatrixSummary summary) => form switch
    {
        MatrixForm.Csv => new SimulatorAnswer(CsvType, (body, cancellationToken) => WriteCsvAsync(body, outcomes, cancellationToken)),
        MatrixForm.NdJson => new SimulatorAnswer(NdJsonType, (body, cancellationToken) => WriteLinesAsync(body, outcomes, cancellationToken)),
        _ => new SimulatorAnswer(ResponseWriter.JsonType, (body, cancellationToken) => WriteJsonAsync(body, requestId, outcomes, summary, cancellationToken)),
    };

    private static async Task WriteJsonAsync(
        PipeWriter body, string requestId, ImmutableArray<MatrixOutcome> outcomes, MatrixSummary summary, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(body, Options);
        json.WriteStartObject();
        json.WriteString("requestId", requestId);
        json.WriteNumber("passed", summary.Passed);
        json.WriteNumber("failed", summary.Failed);
        json.WriteNumber("unexpected", summary.Unexpected);
        json.WriteStartArray("failures");
        foreach (var outcome in outcomes.Where(outcome => outcome.IsFailed).Take(MaxExplained))
        {
            WriteCell(json, outcome, isExplained: true);
        }

        json.WriteEndArray();
        json.WriteStartArray("cells");
        for (var index = 0; index < outcomes.Length; index++)
        {
            WriteCell(json, outcomes[index], isExplained: false);
            if (index % CellsPerFlush == CellsPerFlush - 1)
            {
                await json.FlushAsync(cancellationToken);
                await body.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    private static async Task WriteLinesAsync(PipeWriter body, ImmutableArray<MatrixOutcome> outcomes, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(body, Options);
        for (var index = 0; index < outcomes.Length; index++)
        {
            WriteCell(json, outcomes[index], isExplained: false);
            await json.FlushAsync(cancellationToken);
            json.Reset();
            "\n"u8.CopyTo(body.GetSpan(1));
            body.Advance(1);
            if (index % CellsPerFlush == CellsPerFlush - 1)
            {
                await body.FlushAsync(cancellationToken);
            }
        }
    }

    private static async Task WriteCsvAsync(PipeWriter body, ImmutableArray<MatrixOutcome> outcomes, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("principal,action,resource,context,cell,expected\r\n");
        for (var index = 0; index < outcomes.Length; index++)
        {
            var (cell, outcome) = (outcomes[index].Cell, outcomes[index]);
            text.AppendJoin(',', Quoted(cell.Principal.Label), Quoted(cell.Action), Quoted(cell.Resource.Asked), Quoted(cell.Context.Name));
            text.Append(',').Append(outcome.Letter).Append(',').Append(outcome.Expected?.Verdict.ToString()).Append("\r\n");
            if (index % CellsPerFlush == CellsPerFlush - 1 || index == outcomes.Length - 1)
            {
                await body.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
                text.Clear();
            }
        }
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void WriteCell(Utf8JsonWriter json, MatrixOutcome outcome, bool isExplained)
    {
        json.WriteStartObject();
        json.WriteString("principal", outcome.Cell.Principal.Label);
        json.WriteString("action", outcome.Cell.Action);
        json.WriteString("resource", outcome.Cell.Resource.Asked);
        json.WriteString("context", outcome.Cell.Context.Name);
        json.WriteString("cell", outcome.Letter.ToString());
        if (outcome.Expected is { } expected)
        {
            json.WriteString("expected", expected.Verdict.ToString());
        }

        if (isExplained && outcome.Result.Decision.Verdict != Verdict.None)
        {
            json.WritePropertyName("result");
            SimulationWriter.Write(json, outcome.Result, outcome.IsOnSharedKey ? ExplainDetail.None : ExplainDetail.Deciding);
        }

        json.WriteEndObject();
    }
}

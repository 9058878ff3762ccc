using System.Collections.Frozen;
using System.Globalization;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy cases</c>: golden cases of the kinds decision and validation; files of other kinds are named, not run.</summary>
internal sealed class CasesCommand()
    : PolicyVerb("cases", "Run the golden cases (decision, validation) of a folder or file; ends with N passed, N failed.", "path")
{
    public const string Format = "kmsgateway-policy-cases/1";

    private static readonly FrozenDictionary<string, Func<InputNode, string?>> Kinds = new Dictionary<string, Func<InputNode, string?>>
    {
        ["decision"] = DecisionCase.Run,
        ["validation"] = ValidationCase.Run,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    protected override int Run(string path, bool isJson, TextWriter output)
    {
        var outcomes = new List<(string File, string Name, string? Difference)>();
        var notRun = new List<string>();
        foreach (var file in Files(path, ".json").Select(InputNode.Read))
        {
            if (file.Required("format").Text() != Format)
            {
                throw file.Required("format").Fault($"must be {Format}.");
            }

            if (!Kinds.TryGetValue(file.Required("kind").Text(), out var run))
            {
                notRun.Add($"{file.File} ({file.Required("kind").Text()})");
                continue;
            }

            outcomes.AddRange(file.Required("cases").Items().Select(item => (file.File, item.Required("name").Text(), Judge(item, run))));
        }

        Write(output, isJson, outcomes, notRun);
        return outcomes.Exists(outcome => outcome.Difference is not null) ? Failed : 0;
    }

    private static string? Judge(InputNode item, Func<InputNode, string?> run)
    {
        try
        {
            return run(item);
        }
        catch (StartupException exception)
        {
            // Why: one case that cannot be read fails by itself and does not hide the others.
            return exception.Message;
        }
    }

    private static void Write(TextWriter output, bool isJson, List<(string File, string Name, string? Difference)> outcomes, List<string> notRun)
    {
        var failures = outcomes.Where(outcome => outcome.Difference is not null).ToArray();
        if (isJson)
        {
            WriteJson(output, writer =>
            {
                writer.WriteStartArray("failures");
                foreach (var (file, name, difference) in failures)
                {
                    writer.WriteStartObject();
                    writer.WriteString("file", file);
                    writer.WriteString("name", name);
                    writer.WriteString("difference", difference);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteNumber("filesNotRun", notRun.Count);
                writer.WriteNumber("passed", outcomes.Count - failures.Length);
                writer.WriteNumber("failed", failures.Length);
            });
            return;
        }

        foreach (var (file, name, difference) in failures)
        {
            output.WriteLine($"FAIL {file}: {name}: {difference}");
        }

        foreach (var file in notRun)
        {
            output.WriteLine($"not run: {file}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcomes.Count - failures.Length} passed, {failures.Length} failed"));
    }
}

using System.Globalization;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy cases</c>: golden cases of every kind. What cannot be read fails like a case, and makes the exit code 64.</summary>
internal sealed class CasesCommand()
    : PolicyVerb("cases", "Run the golden cases of a folder or file, whatever their kind; ends with N passed, N failed.", "path")
{
    protected override int Run(string path, bool isJson, TextWriter output)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var outcomes = Files(path, ".json").SelectMany(file => Judge(file, names)).ToArray();
        var failures = outcomes.Where(outcome => outcome.Difference is not null).ToArray();
        if (isJson)
        {
            WriteJson(output, outcomes.Length - failures.Length, failures);
        }
        else
        {
            WriteText(output, outcomes.Length - failures.Length, failures);
        }

        return failures.Select(failure => failure.ExitCode).DefaultIfEmpty(0).Max();
    }

    private static List<CaseOutcome> Judge(string file, HashSet<string> names)
    {
        var outcomes = new List<CaseOutcome>();
        try
        {
            outcomes.AddRange(GoldenCase.ReadFile(file).Select(item => Judge(file, item, names)));
        }
        catch (StartupException exception)
        {
            outcomes.Add(new CaseOutcome(file, "", exception.Message, exception.ExitCode));
        }

        return outcomes;
    }

    /// <summary>Why not at once: what cannot be read fails by itself and does not hide the rest.</summary>
    private static CaseOutcome Judge(string file, GoldenCase item, HashSet<string> names)
    {
        try
        {
            return names.Add(item.Name)
                ? new CaseOutcome(file, item.Name, item.Run(), Failed)
                : new CaseOutcome(file, item.Name, "another case has this name.", StartupException.BadSettings);
        }
        catch (StartupException exception)
        {
            return new CaseOutcome(file, item.Name, exception.Message, exception.ExitCode);
        }
    }

    private static void WriteText(TextWriter output, int passed, CaseOutcome[] failures)
    {
        foreach (var failure in failures)
        {
            output.WriteLine($"FAIL {failure.File}: {failure.Name}: {failure.Difference}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failures.Length} failed"));
    }

    private static void WriteJson(TextWriter output, int passed, CaseOutcome[] failures) => WriteJson(output, writer =>
    {
        writer.WriteStartArray("failures");
        foreach (var failure in failures)
        {
            writer.WriteStartObject();
            writer.WriteString("file", failure.File);
            writer.WriteString("name", failure.Name);
            writer.WriteString("difference", failure.Difference);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("passed", passed);
        writer.WriteNumber("failed", failures.Length);
    });

    /// <summary>How one case came out.</summary>
    /// <param name="File">Its file.</param>
    /// <param name="Name">Its name; empty when the file could not be read.</param>
    /// <param name="Difference">Null when it passed.</param>
    /// <param name="ExitCode">What a difference makes of the exit code.</param>
    private sealed record CaseOutcome(string File, string Name, string? Difference, int ExitCode);
}

using System.Collections.Immutable;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>One point where the catalogue is not what the published tables say.</summary>
internal sealed record Difference(string Action, string Parameter, string Field, string Expected, string Here)
{
    public override string ToString() => $"| {Action} | {Parameter} | {Field} | {Expected} | {Here} |";
}

/// <summary>The differences that are meant: the table of tests/deviations.md, one line each, with its reason.</summary>
internal static class Deviations
{
    private const int Columns = 6;

    public static ImmutableArray<(Difference Difference, string Reason)> All { get; } = Read();

    private static ImmutableArray<(Difference, string)> Read() =>
    [
        .. File.ReadLines(Path.Combine(TestData.Repository, "tests", "deviations.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(1)
            .Select(Parse),
    ];

    private static (Difference, string) Parse(string line)
    {
        // a cell may hold an escaped bar
        var cells = line.Replace("\\|", "\u0001", StringComparison.Ordinal).Split('|')[1..^1]
            .Select(cell => cell.Replace('\u0001', '|').Trim()).ToArray();
        return cells.Length == Columns && cells.All(cell => cell.Length > 0)
            ? (new Difference(cells[0], cells[1], cells[2], cells[3], cells[4]), cells[5])
            : throw new InvalidDataException($"six filled columns: {line}");
    }
}

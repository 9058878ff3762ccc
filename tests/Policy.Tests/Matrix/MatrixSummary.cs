using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>The counts of a run, as docs/matrix.md.</summary>
internal sealed class MatrixSummary
{
    private static readonly string[] Verdicts = ["Allow", "ExplicitDeny", "ImplicitDeny"];

    private static readonly ConcurrentDictionary<Enum, string> WordsOf = [];

    private readonly Dictionary<(string Table, string Row, string Verdict), int> counts = [];
    private readonly List<(string Table, string Row)> rows = [];

    internal int Total { get; private set; }

    internal void Add(MatrixCell cell, string verdict)
    {
        Total++;
        Count("caller", Caller(cell), verdict);
        Count("resource of the statement", Words(cell.Form), verdict);
        Count("effect", cell.Effect ?? "none", verdict);
        Count("tag of the key", Words(cell.Tag), verdict);
        Count("place of the statement", Words(cell.Place), verdict);
        Count("action", Action(cell.Action), verdict);
        Count(Action(cell.Action), Caller(cell), verdict);
        Count(Action(cell.Action), cell.Effect ?? "none", verdict);
        Count(Action(cell.Action), Words(cell.Tag), verdict);
    }

    internal static string Action(ReferenceAction action) => $"{action.Product} {action.Name}";

    internal int Of(string table, string row, string verdict) => counts.GetValueOrDefault((table, row, verdict));

    internal string Render(IReadOnlyList<(SeededFault Fault, string Rule, bool IsSeenByMatrix)> faults)
    {
        var text = new StringBuilder(
            """
            # Authorization matrix

            Written by `tests/Policy.Tests/Matrix`; `UPDATE_GOLDEN=1` on its tests rewrites it.

            Every action of the catalogue is called by four callers under one statement, in every combination of the rows below. The
            engine gets the parameters of the call, plans the checks by its own vocabulary and evaluates compiled policies; the expected
            answer comes from `ReferenceEvaluator`, which reads the action tables and the policy texts itself and shares no code with the
            engine (a test looks). Verdict, layer, level, policy, statement and deciding check have to be the same in every cell.

            - The statement names exactly the permissions of the call. Its resource is *exact* (the names of everything the call touches),
              *container* (`acs:kms:...:key`), *wildcard* (`acs:kms:*:*:key*`), *alias ARN* (the alias that the call uses where it takes one)
              or *other region*.
            - With a tag in play an Allow is `StringEquals`, a Deny is `StringNotEquals` (deny unless tagged so).
            - The guest of the other account names the key or role by its ARN or by a ciphertext; all else it can only name at home.
            - `tests/data/matrix/rows.json` holds rows whose expectation was written by hand from the rules, checked against both.


            """);
        text.Append(CultureInfo.InvariantCulture, $"{Total} cells.\n");
        foreach (var table in rows.Select(row => row.Table).Distinct(StringComparer.Ordinal).Where(table => table != "action" && !table.Contains(' ', StringComparison.Ordinal)).Concat(["resource of the statement", "tag of the key", "place of the statement"]))
        {
            Append(text, table);
        }

        AppendFaults(text, faults);
        text.Append("\n## Per action\n");
        Append(text, "action");
        return text.ToString();
    }

    private static void AppendFaults(StringBuilder text, IReadOnlyList<(SeededFault Fault, string Rule, bool IsSeenByMatrix)> faults)
    {
        text.Append(
            """

            ## Seeded faults

            Each makes the reference misread one rule; engine and reference must then be told apart. *random* is the comparison over
            generated policies and calls (`ReferenceEvaluatorTests`), which knows nothing of the mapping from calls to checks.
            R-DOC, the rules about documents, decide no calls: the golden cases of `validation.json` and the fuzz test hold those.

            | rule | misreading | matrix, every 37th cell | random |
            | --- | --- | --- | --- |

            """);
        foreach (var (fault, rule, isSeen) in faults)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {rule} | {fault} | {(isSeen ? "caught" : "-")} | {(SeededFaultTable.IsOfCalls(fault) ? "-" : "caught")} |\n");
        }
    }

    private static string Caller(MatrixCell cell) => (cell.Caller.Account == MatrixWorld.Account, cell.Caller.Type) switch
    {
        (true, "Root") => "root",
        (true, "User") => "user",
        (true, _) => "role",
        _ => "other account",
    };

    private static string Words<T>(T value)
        where T : struct, Enum => WordsOf.GetOrAdd(value, static one =>
            string.Concat(one.ToString().Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")));

    private void Count(string table, string row, string verdict)
    {
        var isNew = Verdicts.All(one => !counts.ContainsKey((table, row, one)));
        if (isNew)
        {
            rows.Add((table, row));
        }

        counts[(table, row, verdict)] = Of(table, row, verdict) + 1;
    }

    private void Append(StringBuilder text, string table)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n| {table} | cells | Allow | ExplicitDeny | ImplicitDeny |\n| --- | ---: | ---: | ---: | ---: |\n");
        foreach (var (_, row) in rows.Where(row => row.Table == table))
        {
            var numbers = Verdicts.Select(verdict => Of(table, row, verdict)).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"| {row} | {numbers.Sum()} | {string.Join(" | ", numbers)} |\n");
        }
    }
}

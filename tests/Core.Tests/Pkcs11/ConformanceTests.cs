using KmsGateway.Core.Crypto.Pkcs11.Probing;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>
/// The table of what SoftHSM2 and NSS softokn can do and where they give way, row by row; what differs between them is data, in
/// <c>tests/data/pkcs11/conformance.tsv</c>: <c>row, SoftHSM, NSS</c>. Source: crypto-core.md sections 1 and 3.
/// </summary>
[Collection(Pkcs11Modules.Name)]
public sealed class ConformanceTests
{
    private static IEnumerable<string[]> Rows =>
        File.ReadLines(TestData.Path("pkcs11", "conformance.tsv")).Skip(1).Select(row => row.Split('\t'));

    [Theory]
    [InlineData(ModuleKind.SoftHsm, 1)]
    [InlineData(ModuleKind.Nss, 2)]
    public void Module_ProbedAndAttacked_AnswersAsTheTableSays(ModuleKind kind, int column)
    {
        using var token = TestToken.Open(kind);
        var report = Probe.Run(token.Module, token.Slot, token.Operations);
        string[] seen =
        [
            .. report.Findings.Select(finding => $"{finding.Name}\t{finding.Outcome}"),
            .. report.Attacks.Select(attack => $"attack {attack.Name}\t{(attack.IsStopped ? "stopped" : "SUCCEEDS")}: {attack.Outcome}"),
        ];
        string[] expected = [.. Rows.Select(cells => $"{cells[0]}\t{cells[column]}")];

        string[] differences = [.. seen.Except(expected, StringComparer.Ordinal).Select(row => "seen:     " + row), .. expected.Except(seen, StringComparer.Ordinal).Select(row => "expected: " + row)];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
        Assert.Equal(expected.Length, seen.Length);
    }
}

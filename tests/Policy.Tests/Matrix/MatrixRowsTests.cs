using System.Globalization;
using KmsGateway.Policy.Tests.Generation;
using KmsGateway.Policy.Tests.Reference;

namespace KmsGateway.Policy.Tests.Matrix;

/// <summary>Rows whose answers were written by hand from ram-policy.md, against both evaluators.</summary>
public sealed class MatrixRowsTests
{
    private static readonly Dictionary<string, MatrixRow> Rows = MatrixRows.All.ToDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>Rules that speak of a single decision; what they say of calls and documents is held by the matrix, resolution.json and validation.json.</summary>
    private static readonly string[] Rules =
    [
        .. Numbered("R-ACT", 5), .. Numbered("R-RES", 9), .. Numbered("R-PRN", 4), .. Numbered("R-CND", 9), .. Numbered("R-COP", 11),
        "R-KEY-1", "R-KEY-2", .. Numbered("R-EVAL", 13), "R-KMS-3", "R-KMS-4", "R-KMS-6", "R-KMS-7", "R-TAG-1", "R-TAG-2", "R-TAG-3",
    ];

    public static TheoryData<string> Names => [.. MatrixRows.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_OfTheEngine_IsAsWritten(string name)
    {
        var call = Rows[name].Call;
        Assert.Equal(Rows[name].Expected, EngineAnswers.For(call.Policies)(call));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Row_OfTheReference_IsAsWritten(string name) => Assert.Equal(Rows[name].Expected, new ReferenceEvaluator().Decide(Rows[name].Call));

    [Fact]
    public void Rows_OfEveryRule_AreThere()
    {
        Assert.Equal(313, Rows.Count);
        Assert.Equal(Rules.Order(StringComparer.Ordinal), Rows.Values.Select(row => row.Rule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Numbered(string family, int count) => Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{family}-{number}"));
}

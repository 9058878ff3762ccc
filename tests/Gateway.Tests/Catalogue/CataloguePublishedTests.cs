using KmsGateway.Gateway.Catalogue;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>The catalogue is what the copied tables say, both ways; what differs stands in tests/deviations.md with a reason.</summary>
public sealed class CataloguePublishedTests
{
    private static readonly Difference[] Differences = [.. KmsComparison.Differences, .. RamComparison.Differences];

    public static TheoryData<string> Actions() =>
    [
        .. KmsComparison.Published.Select(action => $"{ActionCatalogue.KmsVersion} {KmsComparison.NameOf(action)}"),
        .. RamComparison.Published.Select(pair => $"{pair.Operation.GetProperty("version").GetString()} {pair.Name}"),
    ];

    [Fact]
    public void Tables_AreThoseThatWereCopied()
    {
        Assert.Equal(102, KmsComparison.Published.Count);
        Assert.Equal(46, RamComparison.Published.Count);
        Assert.Equal(316, KmsComparison.Published.Sum(action => action.GetProperty("request").GetArrayLength()));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Entry_AgainstThePublishedTable_DiffersOnlyAsListed(string entry)
    {
        var (version, action) = (entry.Split(' ')[0], entry.Split(' ')[1]);
        var isKms = version == ActionCatalogue.KmsVersion;
        var listed = Deviations.All.Select(line => line.Difference).ToHashSet();
        var differences = isKms ? KmsComparison.Differences : RamComparison.Differences;

        Assert.DoesNotContain(differences, difference => difference.Action == action && !listed.Contains(difference));
    }

    [Fact]
    public void Catalogue_HoldsNothingUnpublished_ButWhatIsListed()
    {
        var listed = Deviations.All.Select(line => line.Difference).ToHashSet();
        Assert.DoesNotContain(
            Differences,
            difference => difference is { Field: "presence", Expected: Comparison.None, Parameter: Comparison.None } && !listed.Contains(difference));
    }

    [Fact]
    public void Deviations_EachStillExistsAndStandsOnce()
    {
        var actual = Differences.ToHashSet();

        Assert.NotEmpty(Deviations.All);
        Assert.DoesNotContain(Deviations.All, line => !actual.Contains(line.Difference));
        Assert.Equal(Deviations.All.Length, Deviations.All.Select(line => line.Difference).Distinct().Count());
    }
}

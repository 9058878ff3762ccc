using KmsGateway.Gateway.Catalogue;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>The docs say what the catalogue says. UPDATE_GOLDEN=1 rewrites them.</summary>
public sealed class ActionTableTests
{
    private static readonly bool IsRewriting = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    [Fact]
    public void Docs_AreCurrent()
    {
        var path = Path.Combine(TestData.Repository, "docs", "actions.md");
        if (IsRewriting)
        {
            File.WriteAllText(path, ActionTable.Render());
        }

        Assert.Equal(ActionTable.Render(), File.ReadAllText(path));
    }

    [Fact]
    public void Readme_WhereThereIsOne_HoldsTheCurrentBlock()
    {
        var path = Path.Combine(TestData.Repository, "README.md");
        var text = File.Exists(path) ? File.ReadAllText(path) : ActionTable.RenderSummary();
        var (begin, end) = (text.IndexOf(ActionTable.Begin, StringComparison.Ordinal), text.IndexOf(ActionTable.End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, "README.md has the two marks");
        if (IsRewriting && File.Exists(path))
        {
            text = string.Concat(text.AsSpan(0, begin), ActionTable.RenderSummary().TrimEnd('\n'), text.AsSpan(end + ActionTable.End.Length));
            File.WriteAllText(path, text);
            end = text.IndexOf(ActionTable.End, StringComparison.Ordinal);
        }

        Assert.Equal(ActionTable.RenderSummary().TrimEnd('\n'), text[begin..(end + ActionTable.End.Length)]);
    }

    [Fact]
    public void Table_HoldsEveryActionOnce() =>
        Assert.Equal(
            ActionCatalogue.All.Length,
            ActionTable.Render().Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| action", StringComparison.Ordinal)));
}

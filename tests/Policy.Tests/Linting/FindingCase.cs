using System.Globalization;
using System.Text;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Linting;

namespace KmsGateway.Policy.Tests.Linting;

/// <summary>
/// A document of <c>tests/data/lint/codes</c> with the findings of one code that it has. The file is named after the code. A case
/// starts with <c>+ why</c> or <c>- why</c>, then come <c>kind</c>, <c>account</c>, <c>region</c>, <c>length</c> (blanks are added),
/// a <c>finding</c> for each one that is expected (paths of its locations, steps parted by <c> > </c>, locations by <c> | </c>), then
/// the text. <c>«0</c> and <c>»</c> stand around the first location of all findings taken together, <c>«1</c> around the next.
/// </summary>
internal sealed class FindingCase
{
    private readonly Dictionary<char, string> spans = [];
    private readonly List<string> findings = [];
    private int length;

    private FindingCase(string code, string title) => (Code, Title) = (code, title);

    internal string Code { get; }

    /// <summary>With the sign in front.</summary>
    internal string Title { get; }

    internal bool IsPositive => Title[0] == '+';

    internal PolicyKind Kind { get; private set; } = PolicyKind.Identity;

    internal LintOptions Options { get; private set; } = new();

    internal string Text { get; private set; } = "";

    /// <summary>One line per finding: each location as its path and <c>@line:column-line:column</c>.</summary>
    internal IReadOnlyList<string> Expected
    {
        get
        {
            var next = '0';
            return [.. findings.Select(line => string.Join(" | ", line.Split(" | ").Select(path => $"{path.TrimStart(' ')} @{spans[next++]}")))];
        }
    }

    internal static IEnumerable<FindingCase> Read(string path)
    {
        FindingCase? current = null;
        var text = new List<string>();
        foreach (var line in File.ReadAllLines(path))
        {
            if (line.StartsWith("+ ", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal))
            {
                if (current is not null)
                {
                    yield return current.With(text);
                }

                current = new FindingCase(Path.GetFileNameWithoutExtension(path), line);
                text.Clear();
            }
            else if (text.Count > 0 || !current!.TryHeader(line))
            {
                text.Add(line);
            }
        }

        yield return current!.With(text);
    }

    internal static string Describe(Finding finding) => string.Join(" | ", finding.Locations.Select(location => $"{string.Join(" > ", location.Path)} @{At(location.Span.Start)}-{At(location.Span.End)}"));

    private static string At(SourcePosition position) => string.Create(CultureInfo.InvariantCulture, $"{position.Line}:{position.Column}");

    private bool TryHeader(string line)
    {
        var (name, value) = line.Split(": ", 2) is [var before, var after] ? (before, after) : ("", "");
        switch (name)
        {
            case "kind":
                Kind = Enum.Parse<PolicyKind>(value, ignoreCase: true);
                return true;
            case "account":
                Options = Options with { Account = value };
                return true;
            case "region":
                Options = Options with { Region = value };
                return true;
            case "length":
                length = int.Parse(value, CultureInfo.InvariantCulture);
                return true;
            case "finding":
                findings.Add(value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes the marks out and keeps where they were; lines and columns are counted here, not by the product.</summary>
    private FindingCase With(List<string> lines)
    {
        var text = new StringBuilder();
        var open = new Stack<(char Mark, string At)>();
        var (line, column) = (1, 1);
        var marked = string.Join('\n', lines);
        var isMark = false;
        foreach (var character in marked)
        {
            var here = string.Create(CultureInfo.InvariantCulture, $"{line}:{column}");
            if (isMark)
            {
                open.Push((character, here));
                isMark = false;
                continue;
            }

            switch (character)
            {
                case '«':
                    isMark = true;
                    continue;
                case '»':
                    var (mark, start) = open.Pop();
                    spans.Add(mark, $"{start}-{here}");
                    continue;
                case '\n':
                    (line, column) = (line + 1, 1);
                    break;
                default:
                    column++;
                    break;
            }

            text.Append(character);
        }

        Text = text.ToString().PadRight(length);
        return this;
    }
}

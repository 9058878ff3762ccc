using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>An element of an Action or Resource list, as questions about covering take it.</summary>
/// <param name="Text">As written; in lower case where letter case is ignored.</param>
/// <param name="Example">A text that it covers: <paramref name="Text"/> itself when that holds no wildcard.</param>
/// <param name="IsAny">Whether it is <c>*</c>.</param>
/// <param name="Glob">Its automaton.</param>
/// <param name="Domain">The texts that matter.</param>
/// <param name="Covers">Whether it covers a text.</param>
/// <param name="HasMore">Whether it covers something outside the domain: <c>*</c> covers calls without a resource (R-RES-8).</param>
internal sealed record ListElement(string Text, string Example, bool IsAny, Glob Glob, Glob Domain, Func<string, bool> Covers, bool HasMore)
{
    internal bool IsLiteral => string.Equals(Text, Example, StringComparison.Ordinal);

    internal static ListElement Of(ActionPattern pattern)
    {
        var text = pattern.IsAny ? pattern.Text : $"{pattern.Service!.Pattern}:{pattern.Name!.Pattern}";
        return new ListElement(text, pattern.IsAny ? "x:x" : Fill(text), pattern.IsAny, Glob.Of(pattern), Glob.AnyAction, pattern.Covers, HasMore: false);
    }

    internal static ListElement Of(ResourcePattern pattern) =>
        new(pattern.Text, pattern.IsAny ? "acs:x:x:x:x" : Fill(pattern.Text), pattern.IsAny, Glob.Of(pattern), Glob.AnyResource, pattern.Covers, pattern.IsAny);

    /// <summary>The resources of the key service with such a relative id, wherever they are and whoever owns them.</summary>
    internal static ListElement OfRelativeId(string relativeId) =>
        ResourcePattern.TryParse($"acs:kms:*:*:{relativeId}", out var pattern)
            ? Of(pattern)
            : throw new ArgumentException("no relative id", nameof(relativeId));

    private static string Fill(string pattern) => pattern.Replace('*', 'x').Replace('?', 'x');
}

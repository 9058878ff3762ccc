using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace KmsGateway.Policy.Matching;

/// <summary>
/// An element of Action or NotAction: <c>*</c>, or <c>service:name</c> with wildcards that never cross the colon. ASCII letter
/// case is ignored. Source: ram-policy.md 4.2, R-DOC-11.
/// </summary>
public sealed class ActionPattern
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-*?");

    private static readonly SharedTable<ActionPattern> Shared = new();

    private ActionPattern(string text, Wildcard? service, Wildcard? name)
    {
        Text = text;
        Service = service;
        Name = name;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Whether it is <c>*</c> alone.</summary>
    public bool IsAny => Service is null;

    internal Wildcard? Service { get; }

    internal Wildcard? Name { get; }

    /// <summary>Reads one element; the characters are letters, digits, <c>_</c>, <c>-</c> and wildcards, with one colon.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ActionPattern? pattern)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = null;
        if (text == "*")
        {
            pattern = new ActionPattern(text, null, null);
            return true;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
        {
            return false;
        }

        if (text.AsSpan(0, colon).ContainsAnyExcept(Characters) || text.AsSpan(colon + 1).ContainsAnyExcept(Characters))
        {
            return false;
        }

        pattern = Shared.Share(
            text, new ActionPattern(text, new Wildcard(text[..colon], ignoresAsciiCase: true), new Wildcard(text[(colon + 1)..], ignoresAsciiCase: true)));
        return true;
    }

    /// <summary>Whether it covers the action <paramref name="action"/> (<c>kms:Encrypt</c>).</summary>
    public bool Covers(string action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var name = new ActionName(action);
        return name.IsValid && IsMatch(name);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    internal bool IsMatch(ActionName action) =>
        Service is null || (Service.IsMatch(action.Service) && Name!.IsMatch(action.Name));

    /// <summary>Whether it names exactly that service, no wildcard in it.</summary>
    internal bool IsOfService(string service) => Service is { IsLiteral: true } && Service.IsMatch(service);
}

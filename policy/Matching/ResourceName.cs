namespace KmsGateway.Policy.Matching;

/// <summary>
/// The resource of a check, <c>acs:service:region:account:relative-id</c> or <c>*</c> for calls without one, split without
/// copying. Source: ram-policy.md 4.3, R-RES-8.
/// </summary>
internal readonly ref struct ResourceName
{
    private readonly int region;
    private readonly int account;
    private readonly int relative;

    internal ResourceName(string text)
    {
        Text = text;
        IsNone = text == "*";
        region = After(text, Prefix.Length);
        account = After(text, region);
        relative = After(text, account);
        IsArn = text.StartsWith(Prefix, StringComparison.Ordinal) && relative > 0 && relative < text.Length && region - Prefix.Length > 1;
    }

    internal string Text { get; }

    /// <summary>The resource <c>*</c>: there is none.</summary>
    internal bool IsNone { get; }

    internal bool IsArn { get; }

    internal ReadOnlySpan<char> Service => Text.AsSpan(Prefix.Length, region - 1 - Prefix.Length);

    internal ReadOnlySpan<char> Region => Text.AsSpan(region, account - 1 - region);

    internal ReadOnlySpan<char> Account => Text.AsSpan(account, relative - 1 - account);

    internal ReadOnlySpan<char> RelativeId => Text.AsSpan(relative);

    private static string Prefix => "acs:";

    /// <summary>The place after the next colon; -1 when there is none, or no place to look from.</summary>
    private static int After(string text, int from)
    {
        var colon = from < 0 || from > text.Length ? -1 : text.IndexOf(':', from);
        return colon < 0 ? -1 : colon + 1;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace KmsGateway.Policy.Matching;

/// <summary>
/// An element of Resource or NotResource: <c>*</c>, or an ARN whose fields may hold wildcards; each field is matched against
/// the same field, letter case counts, and no wildcard crosses a separating colon. Source: ram-policy.md 4.3, R-DOC-13.
/// </summary>
public sealed class ResourcePattern
{
    private static readonly ResourcePattern Any = new("*", null);

    private ResourcePattern(string text, Arn? fields)
    {
        Text = text;
        Fields = fields;
        if (fields is not null)
        {
            Service = new Wildcard(fields.Service);
            Region = new Wildcard(fields.Region);
            Account = new Wildcard(fields.Account);
            RelativeId = new Wildcard(fields.RelativeId);
        }
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Whether it is <c>*</c> alone, the one pattern that covers calls without a resource (R-RES-8).</summary>
    [MemberNotNullWhen(false, nameof(Fields), nameof(Service), nameof(Region), nameof(Account), nameof(RelativeId))]
    public bool IsAny => Fields is null;

    /// <summary>The fields as written, wildcards included; null for <c>*</c>.</summary>
    public Arn? Fields { get; }

    internal Wildcard? Service { get; }

    internal Wildcard? Region { get; }

    internal Wildcard? Account { get; }

    internal Wildcard? RelativeId { get; }

    /// <summary>Reads one element: five fields, literal <c>acs</c>, no blanks, no control characters, no <c>${</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ResourcePattern? pattern)
    {
        ArgumentNullException.ThrowIfNull(text);
        pattern = null;
        if (text == "*")
        {
            pattern = Any;
            return true;
        }

        if (!Arn.TryParse(text, out var fields) || text.Contains("${", StringComparison.Ordinal) || HasBlank(text))
        {
            return false;
        }

        pattern = new ResourcePattern(text, fields);
        return true;
    }

    /// <summary>Whether it covers <paramref name="resource"/>, an ARN or <c>*</c>.</summary>
    public bool Covers(string resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var name = new ResourceName(resource);
        return (name.IsArn || name.IsNone) && IsMatch(name);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    internal bool IsMatch(ResourceName resource) =>
        IsAny
        || (resource.IsArn
            && RelativeId.IsMatch(resource.RelativeId)
            && Service.IsMatch(resource.Service)
            && Region.IsMatch(resource.Region)
            && Account.IsMatch(resource.Account));

    private static bool HasBlank(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                return true;
            }
        }

        return false;
    }
}

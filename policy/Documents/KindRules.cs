using System.Buffers;
using System.Text;

namespace KmsGateway.Policy.Documents;

/// <summary>What one kind of policy takes; one row per kind. Source: ram-policy.md 1 and 2.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="MaxSize">Size limit, in code points or bytes.</param>
/// <param name="CountsBytes">Whether the limit counts UTF-8 bytes.</param>
/// <param name="HasPrincipal">Principal is required; otherwise it is forbidden.</param>
/// <param name="HasResource">Resource is required; otherwise it is forbidden.</param>
/// <param name="AllowsNotForms">NotAction and NotResource may be used.</param>
/// <param name="OnlyStarResource">Every resource is <c>*</c> (R-DOC-21).</param>
/// <param name="Service">The one service its actions may name; null for any.</param>
/// <param name="AllowsAccountStar">The principal <c>acs:ram::account:*</c> may be used (R-DOC-20).</param>
/// <param name="PrincipalKinds">The kinds of principal it takes.</param>
internal sealed record KindRules(
    PolicyKind Kind,
    int MaxSize,
    bool CountsBytes,
    bool HasPrincipal,
    bool HasResource,
    bool AllowsNotForms,
    bool OnlyStarResource,
    string? Service,
    bool AllowsAccountStar,
    PrincipalKind[] PrincipalKinds)
{
    private static readonly KindRules[] Rows =
    [
        new(PolicyKind.Identity, 6144, false, false, true, true, false, null, false, []),
        new(PolicyKind.Session, 2048, false, false, true, true, false, null, false, []),
        new(PolicyKind.Control, 4096, false, false, true, true, false, null, false, []),
        new(PolicyKind.Key, 32768, true, true, true, false, true, "kms", true, [PrincipalKind.Ram]),
        new(PolicyKind.Trust, 4096, false, true, false, false, false, "sts", false, [PrincipalKind.Ram, PrincipalKind.Service, PrincipalKind.Federated]),
    ];

    internal static KindRules Of(PolicyKind kind) =>
        Array.Find(Rows, row => row.Kind == kind)
        ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "A policy is identity, session, control, key or trust.");

    /// <summary>Whether <paramref name="text"/> is over the limit; a lone surrogate counts as one character here.</summary>
    internal bool IsTooLong(string text)
    {
        // Why: no text of twice as many UTF-16 units fits, and it need not be counted.
        if (text.Length > 2 * MaxSize)
        {
            return true;
        }

        return (CountsBytes ? Encoding.UTF8.GetByteCount(text) : CountCodePoints(text)) > MaxSize;
    }

    private static int CountCodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (!text.IsEmpty)
        {
            _ = Rune.DecodeFromUtf16(text, out _, out var used) == OperationStatus.Done;
            text = text[used..];
            count++;
        }

        return count;
    }
}

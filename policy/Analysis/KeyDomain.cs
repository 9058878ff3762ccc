using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Policy.Analysis;

/// <summary>What requests may carry for a condition key. Source: ram-policy.md 5.3, 8.4.</summary>
/// <param name="CanBeMissing">Whether it may be missing.</param>
/// <param name="Kind">What its value can always be read as; Text for any text.</param>
/// <param name="Only">The only values there are; default for any.</param>
/// <param name="CanHoldSeveral">Whether it may have several values.</param>
internal sealed record KeyDomain(bool CanBeMissing, ConditionValueKind Kind, ImmutableArray<string> Only = default, bool CanHoldSeveral = false)
{
    private static readonly KeyDomain Free = new(true, ConditionValueKind.Text);
    private static readonly KeyDomain Never = new(true, ConditionValueKind.Text, []);
    private static readonly KeyDomain Several = new(true, ConditionValueKind.Text, CanHoldSeveral: true);
    private static readonly KeyDomain Flag = new(false, ConditionValueKind.Boolean, ["true", "false"]);

    private static readonly (string Key, KeyDomain Domain)[] Supplied =
    [
        ("acs:CurrentTime", new(false, ConditionValueKind.Date)),
        ("acs:SecureTransport", Flag),
        ("acs:MFAPresent", Flag),
        ("acs:SourceIp", new(true, ConditionValueKind.Address)),
        ("acs:VpcSourceIp", new(true, ConditionValueKind.Address)),
        ("acs:PrincipalRDId", Never),
        ("acs:PrincipalRDPath", Never),
        ("acs:UserAgent", Never),
        ("acs:AccessId", Never),
    ];

    private static readonly string[] NeverSuppliedPrefixes = ["acs:ResourceTag/", "acs:RequestTag/"];

    internal static KeyDomain Of(ConditionKey key, CallModel model, bool carriesTags, PolicyPrincipal? principal)
    {
        if (model == CallModel.Any)
        {
            return Several;
        }

        if (Array.Find(Supplied, row => key.Is(row.Key)) is { Domain: { } domain })
        {
            return domain;
        }

        if (key.Is("acs:PrincipalARN"))
        {
            var arn = ArnOf(principal);
            return new KeyDomain(false, ConditionValueKind.Text, arn is null ? default : [arn]);
        }

        var isNever = Array.Exists(NeverSuppliedPrefixes, prefix => key.Text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        return isNever || (IsTag(key.Text) && !carriesTags) ? Never : Free;
    }

    internal static bool IsTag(string key) => key.StartsWith(KmsVocabulary.TagKeyPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>R-PRN-2: a session is known by its role.</summary>
    internal static string? ArnOf(PolicyPrincipal? principal) => principal?.Type switch
    {
        PrincipalType.Root => $"acs:ram::{principal.Account}:root",
        PrincipalType.User => $"acs:ram::{principal.Account}:user/{principal.Name}",
        PrincipalType.Role => $"acs:ram::{principal.Account}:role/{principal.Name}",
        _ => null,
    };
}

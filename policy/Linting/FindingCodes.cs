using System.Collections.Frozen;
using System.Collections.Immutable;

namespace KmsGateway.Policy.Linting;

/// <summary>Every issue code with its type. Source: simulator.md 7; EmptyList is an error by decisions.md D9.</summary>
public static class FindingCodes
{
    private static readonly FrozenDictionary<string, FindingType> Types = Table().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The codes, sorted.</summary>
    public static ImmutableArray<string> All { get; } = [.. Types.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The type of a code.</summary>
    /// <exception cref="KeyNotFoundException">There is no such code.</exception>
    public static FindingType TypeOf(string issueCode) => Types[issueCode];

    private static IEnumerable<KeyValuePair<string, FindingType>> Table() =>
    [
        .. Of(
            FindingType.Error,
            "JsonSyntax DuplicateKey DataTypeMismatch MissingVersion InvalidVersion MissingStatement InvalidEffect MissingAction ActionAndNotAction InvalidActionFormat MissingResource InvalidArnPrefix InvalidArn InvalidPolicyElement InvalidConditionOperator InvalidConditionKeyFormat InvalidConditionValue MultipleBooleans UnsupportedPrincipal DocumentTooLarge EmptyList"),
        .. Of(
            FindingType.SecurityWarning,
            "FullAccess AllowNotAction DecryptOnAllKeys KeyAdminAndUse SelfEscalation NegatedConditionOnMissingKey"),
        .. Of(
            FindingType.Warning,
            "UnknownAction UnknownConditionKey ConditionKeyNotForAction ResourceTypeMismatch AliasOnCryptoAction UnreachableStatement RegionOrAccountForeign ContainerWithSlashStar"),
        .. Of(FindingType.Suggestion, "RedundantAction RedundantResource DuplicateStatement UseWildcardFamily MissingSid"),
    ];

    private static IEnumerable<KeyValuePair<string, FindingType>> Of(FindingType type, string codes) =>
        codes.Split(' ').Select(code => KeyValuePair.Create(code, type));
}

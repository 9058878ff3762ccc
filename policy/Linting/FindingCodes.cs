using System.Collections.Frozen;
using System.Collections.Immutable;

namespace KmsGateway.Policy.Linting;

/// <summary>One issue code.</summary>
/// <param name="IssueCode">The code.</param>
/// <param name="Type">How grave.</param>
/// <param name="Meaning">What is found, in one line for a person.</param>
public sealed record FindingCode(string IssueCode, FindingType Type, string Meaning);

/// <summary>
/// Every issue code. Source: simulator.md 7. Two types differ from it, so that a document has an ERROR exactly when the parser
/// refuses it: EmptyList is one (decisions.md D9), MultipleBooleans is none (golden cases bool-both, R-CND-1).
/// </summary>
public static class FindingCodes
{
    /// <summary>The codes, by type and then as simulator.md lists them.</summary>
    public static ImmutableArray<FindingCode> All { get; } =
    [
        Error("JsonSyntax", "The text is not strict JSON: a comment, a trailing comma, a byte order mark, half of a surrogate pair, or more than 16 levels."),
        Error("DuplicateKey", "An object holds the same member twice, escapes decoded."),
        Error("DataTypeMismatch", "A value of another JSON type than the element takes."),
        Error("MissingVersion", "The document has no Version."),
        Error("InvalidVersion", "Version is not the string 1."),
        Error("MissingStatement", "The document has no Statement."),
        Error("InvalidEffect", "A statement has no Effect, or one that is neither Allow nor Deny."),
        Error("MissingAction", "A statement has neither Action nor NotAction, or not the one its kind of policy takes."),
        Error("ActionAndNotAction", "A statement has both Action and NotAction."),
        Error("InvalidActionFormat", "An action that is neither * nor service:name, or of a service this kind of policy does not take."),
        Error("MissingResource", "A statement has neither Resource nor NotResource."),
        Error("InvalidArnPrefix", "A resource that is neither * nor starts with acs:."),
        Error("InvalidArn", "A resource that is no ARN of five fields, holds blanks or an unfilled ${...}, or is not the * that a key policy takes."),
        Error("InvalidPolicyElement", "A member that does not belong there, a Sid out of form, or Resource beside NotResource."),
        Error("InvalidConditionOperator", "None of the 21 condition operators; letter case counts."),
        Error("InvalidConditionKeyFormat", "A condition key that is not service:name."),
        Error("InvalidConditionValue", "A value that its operator cannot read: no number, date with time zone, Boolean or address."),
        Error("UnsupportedPrincipal", "Principal where the kind of policy takes none, none where it demands one, or an entry out of form."),
        Error("DocumentTooLarge", "The document is over the size limit of its kind."),
        Error("EmptyList", "A list, Principal or condition operator without elements."),
        Security("FullAccess", "Allows every action of the key service on every resource without a condition."),
        Security("AllowNotAction", "Allow with NotAction: allows what is not listed, actions to come included."),
        Security("DecryptOnAllKeys", "Allows kms:Decrypt on every key without a condition."),
        Security("KeyAdminAndUse", "Lets one holder both manage and use the same keys."),
        Security("SelfEscalation", "Allows changing policies or their attachment, and so what the holder itself may do."),
        Security("NegatedConditionOnMissingKey", "An Allow under a negated condition, which is also met when the request lacks the key."),
        Warning("MultipleBooleans", "Bool with several values: true and false together only ask whether the key is there."),
        Warning("UnknownAction", "An action of the key service that no call needs."),
        Warning("UnknownConditionKey", "An acs: or kms: condition key that does not exist here."),
        Warning("ConditionKeyNotForAction", "A condition key that no call of a listed action carries."),
        Warning("ResourceTypeMismatch", "An action that is never checked on any of the resources listed."),
        Warning("AliasOnCryptoAction", "An alias beside an action that is checked on the key behind it."),
        Warning("UnreachableStatement", "An Allow that a Deny of the same document covers."),
        Warning("RegionOrAccountForeign", "A KMS resource of no or of another region or account."),
        Warning("ContainerWithSlashStar", "An action on a container (key, alias, secret), with only what lies below it listed."),
        Suggestion("RedundantAction", "An action that another element of its list covers."),
        Suggestion("RedundantResource", "A resource that another element of its list covers."),
        Suggestion("DuplicateStatement", "A statement that says what an earlier one says."),
        Suggestion("UseWildcardFamily", "All actions of a family one by one, such as kms:ReEncryptFrom and kms:ReEncryptTo for kms:ReEncrypt*."),
        Suggestion("MissingSid", "A statement without Sid in a document of several."),
    ];

    private static readonly FrozenDictionary<string, FindingType> Types = All.ToFrozenDictionary(code => code.IssueCode, code => code.Type, StringComparer.Ordinal);

    /// <summary>The type of a code.</summary>
    /// <exception cref="KeyNotFoundException">There is no such code.</exception>
    public static FindingType TypeOf(string issueCode) => Types[issueCode];

    /// <summary>The type as it is written: <c>ERROR</c>, <c>SECURITY_WARNING</c>, <c>WARNING</c>, <c>SUGGESTION</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is no type.</exception>
    public static string NameOf(FindingType type) => type switch
    {
        FindingType.Error => "ERROR",
        FindingType.SecurityWarning => "SECURITY_WARNING",
        FindingType.Warning => "WARNING",
        FindingType.Suggestion => "SUGGESTION",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no type"),
    };

    private static FindingCode Error(string code, string meaning) => new(code, FindingType.Error, meaning);

    private static FindingCode Security(string code, string meaning) => new(code, FindingType.SecurityWarning, meaning);

    private static FindingCode Warning(string code, string meaning) => new(code, FindingType.Warning, meaning);

    private static FindingCode Suggestion(string code, string meaning) => new(code, FindingType.Suggestion, meaning);
}

using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>One row: a reason of the parser, a condition on the place that it names, the issue code.</summary>
internal sealed record FaultCode(string Reason, Func<PolicyFault, SourceNode?, bool> Applies, string IssueCode);

/// <summary>From the parser's reasons to issue codes; the first row that applies. Every reason ends in a row that always does.</summary>
internal static class FaultCodes
{
    internal static ImmutableArray<FaultCode> Rows { get; } =
    [
        Always(PolicyFaultReasons.MalformedJson, "JsonSyntax"),
        Always(PolicyFaultReasons.DuplicateMember, "DuplicateKey"),
        Always(PolicyFaultReasons.TooLong, "DocumentTooLarge"),
        Always(PolicyFaultReasons.NotAnObject, "DataTypeMismatch"),
        Always(PolicyFaultReasons.UnknownMember, "InvalidPolicyElement"),
        Missing("Version", "MissingVersion"),
        Missing("Statement", "MissingStatement"),
        Missing("Effect", "InvalidEffect"),
        Missing("Action", "MissingAction"),
        Missing("Resource", "MissingResource"),
        Missing("Principal", "UnsupportedPrincipal"),
        Always(PolicyFaultReasons.MissingMember, "InvalidPolicyElement"),
        Always(PolicyFaultReasons.InvalidVersion, "InvalidVersion"),
        Always(PolicyFaultReasons.InvalidStatement, "DataTypeMismatch"),
        Always(PolicyFaultReasons.EmptyList, "EmptyList"),
        Always(PolicyFaultReasons.InvalidEffect, "InvalidEffect"),
        NoText(PolicyFaultReasons.InvalidSid),
        Always(PolicyFaultReasons.InvalidSid, "InvalidPolicyElement"),
        Always(PolicyFaultReasons.ActionConflict, "ActionAndNotAction"),
        NoText(PolicyFaultReasons.InvalidAction),
        Always(PolicyFaultReasons.InvalidAction, "InvalidActionFormat"),
        Always(PolicyFaultReasons.ResourceConflict, "InvalidPolicyElement"),
        NoText(PolicyFaultReasons.InvalidResource),
        new(PolicyFaultReasons.InvalidResource, (_, node) => node is not null && !node.Text.StartsWith("acs:", StringComparison.Ordinal), "InvalidArnPrefix"),
        Always(PolicyFaultReasons.InvalidResource, "InvalidArn"),
        new(PolicyFaultReasons.ElementNotAllowed, (fault, _) => fault.Pointer.EndsWith("/Principal", StringComparison.Ordinal), "UnsupportedPrincipal"),
        Always(PolicyFaultReasons.ElementNotAllowed, "InvalidPolicyElement"),
        Nothing(PolicyFaultReasons.InvalidPrincipal),
        Always(PolicyFaultReasons.InvalidPrincipal, "UnsupportedPrincipal"),
        Nothing(PolicyFaultReasons.InvalidCondition),
        Always(PolicyFaultReasons.InvalidCondition, "DataTypeMismatch"),
        Always(PolicyFaultReasons.UnknownOperator, "InvalidConditionOperator"),
        Always(PolicyFaultReasons.InvalidConditionKey, "InvalidConditionKeyFormat"),
        NoText(PolicyFaultReasons.InvalidConditionValue),
        Always(PolicyFaultReasons.InvalidConditionValue, "InvalidConditionValue"),
    ];

    internal static string Of(PolicyFault fault, SourceNode? node) =>
        Rows.First(row => string.Equals(row.Reason, fault.Reason, StringComparison.Ordinal) && row.Applies(fault, node)).IssueCode;

    private static FaultCode Always(string reason, string code) => new(reason, (_, _) => true, code);

    private static FaultCode Missing(string member, string code) =>
        new(PolicyFaultReasons.MissingMember, (fault, _) => string.Equals(fault.Member, member, StringComparison.Ordinal), code);

    /// <summary>An object without members where some are demanded.</summary>
    private static FaultCode Nothing(string reason) =>
        new(reason, (_, node) => node is { Kind: SourceNodeKind.Object, Members.Count: 0 }, "EmptyList");

    private static FaultCode NoText(string reason) => new(reason, (_, node) => node is { IsString: false }, "DataTypeMismatch");
}

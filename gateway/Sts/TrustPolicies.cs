using System.Collections.Immutable;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Catalogue.Types;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Wire;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Sts;

/// <summary>The resource side of AssumeRole: the role's trust policy, and the condition key that belongs to the call.</summary>
internal sealed class TrustPolicies(Standings standings)
{
    private const string ExternalId = "ExternalId";

    /// <summary>
    /// The trust policy of the role that the call names; null for other actions. A role of the caller's own account that does
    /// not exist is judged on the caller's side alone, so that only those who may assume it learn that (decisions.md D6); one
    /// of another account is like one that trusts nobody.
    /// </summary>
    public PolicyDocument? Find(ActionDescriptor action, string resource, Identity caller)
    {
        if (!IsAssumeRole(action) || !RamSyntax.TryReadRoleArn(resource, out var account, out var name))
        {
            return null;
        }

        if (standings.RoleNamed(account, name) is { } role)
        {
            return role.IsAccountActive ? role.Role!.Trust : null;
        }

        return string.Equals(account, caller.AccountId, StringComparison.Ordinal) ? OpenTo(account) : null;
    }

    /// <summary><c>sts:ExternalId</c>, when the call has one.</summary>
    public static ConditionContext ContextOf(ActionDescriptor action, ParameterCollection parameters) =>
        IsAssumeRole(action) && parameters.ValueOrNull(ExternalId) is { } external
            ? new ConditionContext([KeyValuePair.Create("sts:ExternalId", ImmutableArray.Create(external))])
            : ConditionContext.Empty;

    private static bool IsAssumeRole(ActionDescriptor action) => action.Permission == StsApi.AssumeRole;

    private static PolicyDocument OpenTo(string account) => PolicyParser.Parse(
        $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":"acs:ram::{{{account}}}:root"}}]}""",
        PolicyKind.Trust).Document!;
}

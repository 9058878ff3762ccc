using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Suggestions;

/// <summary>How the policy of a resource would name a caller.</summary>
internal static class PrincipalText
{
    internal static (PrincipalKind Kind, string Text) Of(PolicyPrincipal principal) => principal.Type switch
    {
        PrincipalType.User => (PrincipalKind.Ram, $"acs:ram::{principal.Account}:user/{principal.Name}"),
        PrincipalType.Role => (PrincipalKind.Ram, $"acs:ram::{principal.Account}:role/{principal.Name}"),
        PrincipalType.Root => (PrincipalKind.Ram, $"acs:ram::{principal.Account}:root"),
        PrincipalType.Service => (PrincipalKind.Service, principal.Name),
        PrincipalType.Federated => (PrincipalKind.Federated, principal.Name),
        _ => (PrincipalKind.None, ""),
    };

    /// <summary>Keys have key policies, roles trust policies; other resources have none of their own.</summary>
    internal static PolicyKind PolicyKindOf(PolicyCheck check)
    {
        if (check.ResourcePolicy is { } policy)
        {
            return policy.Kind;
        }

        return Arn.TryParse(check.Resource, out var arn)
            ? (arn.Service, arn.RelativeId) switch
            {
                ("kms", ['k', 'e', 'y', '/', _, ..]) => PolicyKind.Key,
                ("ram", ['r', 'o', 'l', 'e', '/', _, ..]) => PolicyKind.Trust,
                _ => PolicyKind.None,
            }
            : PolicyKind.None;
    }
}

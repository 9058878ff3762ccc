using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Ram;

namespace KmsGateway.Gateway.Startup;

/// <summary>The RAM half of <c>Kms:Quotas</c>.</summary>
internal static class RamQuotaSettings
{
    public static RamQuotas From(QuotaOptions quotas) => new()
    {
        Users = quotas.UsersPerAccount,
        Groups = quotas.GroupsPerAccount,
        Roles = quotas.RolesPerAccount,
        CustomPolicies = quotas.PoliciesPerAccount,
        AccessKeysPerUser = quotas.AccessKeysPerUser,
        GroupsPerUser = quotas.GroupsPerUser,
        SystemPoliciesPerUser = quotas.SystemPoliciesPerUser,
        CustomPoliciesPerUser = quotas.CustomPoliciesPerUser,
        SystemPoliciesPerGroup = quotas.SystemPoliciesPerGroup,
        CustomPoliciesPerGroup = quotas.CustomPoliciesPerGroup,
        SystemPoliciesPerRole = quotas.SystemPoliciesPerRole,
        CustomPoliciesPerRole = quotas.CustomPoliciesPerRole,
        PolicyVersions = quotas.VersionsPerPolicy,
        PolicyDocumentCharacters = quotas.PolicyDocumentCharacters,
    };
}

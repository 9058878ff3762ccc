using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>
/// How much of each quota the account uses. Unverified: neither the specification nor the published client of this version
/// has it; the members are those of the sister API (IMS 2019-08-15).
/// </summary>
internal sealed class GetAccountSummary(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "GetAccountSummary";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        Task.FromResult(new JsonObject { ["SummaryMap"] = store.Database.Read(reader => Summary(reader, call.Caller.AccountId)) });

    private JsonObject Summary(RamReader reader, string account)
    {
        var quotas = store.Quotas;
        return new JsonObject
        {
            ["Users"] = IdentityTable.Count(reader, account, IdentityKind.User),
            ["UsersQuota"] = quotas.Users,
            ["Groups"] = IdentityTable.Count(reader, account, IdentityKind.Group),
            ["GroupsQuota"] = quotas.Groups,
            ["Roles"] = IdentityTable.Count(reader, account, IdentityKind.Role),
            ["RolesQuota"] = quotas.Roles,
            ["Policies"] = PolicyTable.Count(reader, account),
            ["PoliciesQuota"] = quotas.CustomPolicies,
            ["PolicySizeQuota"] = quotas.PolicyDocumentCharacters,
            ["VersionsPerPolicyQuota"] = quotas.PolicyVersions,
            ["AccessKeysPerUserQuota"] = quotas.AccessKeysPerUser,
            ["GroupsPerUserQuota"] = quotas.GroupsPerUser,
            ["AttachedPoliciesPerUserQuota"] = quotas.CustomPoliciesPerUser,
            ["AttachedPoliciesPerGroupQuota"] = quotas.CustomPoliciesPerGroup,
            ["AttachedPoliciesPerRoleQuota"] = quotas.CustomPoliciesPerRole,
            ["AttachedSystemPoliciesPerUserQuota"] = quotas.SystemPoliciesPerUser,
            ["AttachedSystemPoliciesPerGroupQuota"] = quotas.SystemPoliciesPerGroup,
            ["AttachedSystemPoliciesPerRoleQuota"] = quotas.SystemPoliciesPerRole,
        };
    }
}

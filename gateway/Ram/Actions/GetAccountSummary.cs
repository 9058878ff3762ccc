using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>
/// How much of each quota the account uses, with every member of the published answer. There are no MFA devices: none exist, none are in
/// use, none can be made. Source: IMS 2019-08-15, GetAccountSummary, whose members RAM's own call shares.
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
            ["MFADevices"] = 0,
            ["MFADevicesInUse"] = 0,
            ["VirtualMFADevicesQuota"] = 0,
        };
    }
}

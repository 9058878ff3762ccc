using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>What attaching, detaching and listing differ in between users, groups and roles.</summary>
internal sealed record AttachTarget(
    string Kind, string Parameter, KmsError NotExist, KmsError AlreadyAttached, KmsError NotAttached, KmsError TooMany)
{
    public static AttachTarget User { get; } = new(
        IdentityKind.User, "UserName", RamErrors.UserNotExist, RamErrors.UserPolicyExists, RamErrors.UserPolicyNotExist, RamErrors.TooManyUserPolicies)
    {
        MostSystem = quotas => quotas.SystemPoliciesPerUser,
        MostCustom = quotas => quotas.CustomPoliciesPerUser,
    };

    public static AttachTarget Group { get; } = new(
        IdentityKind.Group, "GroupName", RamErrors.GroupNotExist, RamErrors.GroupPolicyExists, RamErrors.GroupPolicyNotExist, RamErrors.TooManyGroupPolicies)
    {
        MostSystem = quotas => quotas.SystemPoliciesPerGroup,
        MostCustom = quotas => quotas.CustomPoliciesPerGroup,
    };

    public static AttachTarget Role { get; } = new(
        IdentityKind.Role, "RoleName", RamErrors.RoleNotExist, RamErrors.RolePolicyExists, RamErrors.RolePolicyNotExist, RamErrors.TooManyRolePolicies)
    {
        MostSystem = quotas => quotas.SystemPoliciesPerRole,
        MostCustom = quotas => quotas.CustomPoliciesPerRole,
    };

    public required Func<RamQuotas, int> MostSystem { get; init; }

    public required Func<RamQuotas, int> MostCustom { get; init; }
}

using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram;

/// <summary>What attaching, detaching and listing differ in between users, groups and roles.</summary>
internal sealed record AttachTarget(
    string Kind, string Parameter, KmsError NotExist, KmsError AlreadyAttached, KmsError NotAttached, KmsError TooMany)
{
    public static AttachTarget User { get; } = new(
        IdentityKind.User, "UserName", GatewayErrors.EntityNotExistUser, GatewayErrors.EntityAlreadyExistsUserPolicy, GatewayErrors.EntityNotExistUserPolicy, GatewayErrors.LimitExceededUserPolicy)
    {
        MostSystem = quotas => quotas.SystemPoliciesPerUser,
        MostCustom = quotas => quotas.CustomPoliciesPerUser,
    };

    public static AttachTarget Group { get; } = new(
        IdentityKind.Group, "GroupName", GatewayErrors.EntityNotExistGroup, GatewayErrors.EntityAlreadyExistsGroupPolicy, GatewayErrors.EntityNotExistGroupPolicy, GatewayErrors.LimitExceededGroupPolicy)
    {
        MostSystem = quotas => quotas.SystemPoliciesPerGroup,
        MostCustom = quotas => quotas.CustomPoliciesPerGroup,
    };

    public static AttachTarget Role { get; } = new(
        IdentityKind.Role, "RoleName", GatewayErrors.EntityNotExistRole, GatewayErrors.EntityAlreadyExistsRolePolicy, GatewayErrors.EntityNotExistRolePolicy, GatewayErrors.LimitExceededRolePolicy)
    {
        MostSystem = quotas => quotas.SystemPoliciesPerRole,
        MostCustom = quotas => quotas.CustomPoliciesPerRole,
    };

    public required Func<RamQuotas, int> MostSystem { get; init; }

    public required Func<RamQuotas, int> MostCustom { get; init; }
}

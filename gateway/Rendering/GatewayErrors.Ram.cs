using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Rendering;

/// <content>RAM. Source: ram-sts-api.md, Errors; wording as published, slips included.</content>
internal static partial class GatewayErrors
{
    private const string RamTable = "ram-sts-api.md, Errors";

    /// <summary>400; <c>{0}</c> says what is wrong with the document.</summary>
    public static readonly KmsError MalformedPolicyDocument =
        new("MalformedPolicyDocument", 400, "{0}", RamTable);

    /// <summary>400.</summary>
    public static readonly KmsError InvalidPolicyType =
        new("InvalidParameter.PolicyType", 400, "The parameter - \"PolicyType\" is incorrect.", RamTable);

    /// <summary>403.</summary>
    public static readonly KmsError RamInactive =
        new("Inactive", 403, "Your ram service is inactive, please activate it.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistUser =
        new("EntityNotExist.User", 404, "The user does not exist.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistUserAccessKey =
        new("EntityNotExist.User.AccessKey", 404, "The user access key does not exist.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistUserPolicy =
        new("EntityNotExist.User.Policy", 404, "The indicate policy of the user does not exist.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistUserGroup =
        new("EntityNotExist.User.Group", 404, "The user has not joined the group.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistGroup =
        new("EntityNotExist.Group", 404, "The group does not exist.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistGroupPolicy =
        new("EntityNotExist.Group.Policy", 404, "The indicate policy attached to the group does not exist.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistPolicy =
        new("EntityNotExist.Policy", 404, "The policy does not exist.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistPolicyVersion =
        new("EntityNotExist.Policy.Version", 404, "The policy version does not exist.", RamTable);

    /// <summary>404.</summary>
    public static readonly KmsError EntityNotExistRole =
        new("EntityNotExist.Role", 404, "The role does not exist.", RamTable);

    /// <summary>404; by analogy.</summary>
    public static readonly KmsError EntityNotExistRolePolicy =
        new("EntityNotExist.Role.Policy", 404, "The indicate policy attached to the role does not exist.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError EntityAlreadyExistsUser =
        new("EntityAlreadyExists.User", 409, "The user does already EXIST.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError EntityAlreadyExistsUserGroup =
        new("EntityAlreadyExists.User.Group", 409, "The user has already joined the group.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError EntityAlreadyExistsUserPolicy =
        new("EntityAlreadyExists.User.Policy", 409, "The user has already been attached this policy.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError EntityAlreadyExistsGroup =
        new("EntityAlreadyExists.Group", 409, "The group does already EXIST.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError EntityAlreadyExistsGroupPolicy =
        new("EntityAlreadyExists.Group.Policy", 409, "The group has already been attached this policy.", RamTable);

    /// <summary>409; the published text says group by mistake.</summary>
    public static readonly KmsError EntityAlreadyExistsPolicy =
        new("EntityAlreadyExists.Policy", 409, "The policy does already EXIST.", RamTable);

    /// <summary>409; code published; message by analogy.</summary>
    public static readonly KmsError EntityAlreadyExistsRole =
        new("EntityAlreadyExists.Role", 409, "The role does already EXIST.", RamTable);

    /// <summary>409; by analogy.</summary>
    public static readonly KmsError EntityAlreadyExistsRolePolicy =
        new("EntityAlreadyExists.Role.Policy", 409, "The role has already been attached this policy.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictUserGroup =
        new("DeleteConflict.User.Group", 409, "The user CAN NOT be in any group while deleting the user.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictUserAccessKey =
        new("DeleteConflict.User.AccessKey", 409, "The user CAN NOT has any access key while deleting the user.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictUserLoginProfile =
        new("DeleteConflict.User.LoginProfile", 409, "The user CAN NOT has any login profile while deleting the user.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictUserMFADevice =
        new("DeleteConflict.User.MFADevice", 409, "The user CAN NOT has any mfa device while deleting the user.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictUserPolicy =
        new("DeleteConflict.User.Policy", 409, "The user CAN NOT has any attached policy while deleting the user.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictGroupUser =
        new("DeleteConflict.Group.User", 409, "The group CAN NOT has any user member while deleting the group.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictGroupPolicy =
        new("DeleteConflict.Group.Policy", 409, "The entity CAN NOT has any attached policy while deleting the group.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictPolicyUser =
        new("DeleteConflict.Policy.User", 409, "The policy CAN NOT been attached to any user while deleting the policy.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictPolicyGroup =
        new("DeleteConflict.Policy.Group", 409, "The policy CAN NOT been attached to any group while deleting the policy.", RamTable);

    /// <summary>409; by analogy.</summary>
    public static readonly KmsError DeleteConflictPolicyRole =
        new("DeleteConflict.Policy.Role", 409, "The policy CAN NOT been attached to any role while deleting the policy.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictPolicyVersion =
        new("DeleteConflict.Policy.Version", 409, "The policy CAN NOT has any version except the default version.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictPolicyVersionDefault =
        new("DeleteConflict.Policy.Version.Default", 409, "The default policy version CAN NOT been deleted directly.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError DeleteConflictRolePolicy =
        new("DeleteConflict.Role.Policy", 409, "The role CAN NOT has any attached policy while deleting the role.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededUser =
        new("LimitExceeded.User", 409, "The count of users beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededUserAccessKey =
        new("LimitExceeded.User.AccessKey", 409, "The access key count of the user access keys beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededUserGroup =
        new("LimitExceeded.User.Group", 409, "The count of groups the target user joined beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededUserPolicy =
        new("LimitExceeded.User.Policy", 409, "The policy count of the user attached policies beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededGroup =
        new("LimitExceeded.Group", 409, "The count of groups beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededGroupPolicy =
        new("LimitExceeded.Group.Policy", 409, "The policy count of the group beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededPolicy =
        new("LimitExceeded.Policy", 409, "The count of policy beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededPolicyVersion =
        new("LimitExceeded.Policy.Version", 409, "The count of policy version beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededRole =
        new("LimitExceeded.Role", 409, "The count of roles beyond the current limits.", RamTable);

    /// <summary>409.</summary>
    public static readonly KmsError LimitExceededRolePolicy =
        new("LimitExceeded.Role.Policy", 409, "The count of policies attached to the role beyond the current limits.", RamTable);
}

using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Ram;

/// <summary>What RAM and STS refuse with. Source: ram-sts-api.md "Errors"; codes, statuses and wording as published.</summary>
internal static class RamErrors
{
    private const string Table = "ram-sts-api.md Errors";

    public static readonly KmsError InvalidParameter =
        new("InvalidParameter", 400, "The specified parameter \"{0}\" is not valid.", "ram-sts-api.md Common rules");

    public static readonly KmsError PolicyTypeInvalid =
        new("InvalidParameter.PolicyType", 400, "The parameter - \"PolicyType\" is incorrect.", Table);

    public static readonly KmsError VersionIdFormat =
        new("InvalidParameter.VersionId.Format", 400, "The format of the parameter - \"VersionId\" is incorrect.", Table);

    public static readonly KmsError PolicyDocumentLength =
        new("InvalidParameter.PolicyDocument.Length", 400, "The parameter - \"PolicyDocument\" beyond the length limit.", Table);

    public static readonly KmsError AssumeRolePolicyDocumentLength =
        new("InvalidParameter.AssumeRolePolicyDocument.Length", 400, "The parameter - \"AssumeRolePolicyDocument\" beyond the length limit.", Table);

    public static readonly KmsError NewAssumeRolePolicyDocumentLength =
        new("InvalidParameter.NewAssumeRolePolicyDocument.Length", 400, "The parameter - \"NewAssumeRolePolicyDocument\" beyond the length limit.", Table);

    public static readonly KmsError MalformedPolicyDocument =
        new("MalformedPolicyDocument", 400, "{0}", Table);

    public static readonly KmsError UserNotExist = new("EntityNotExist.User", 404, "The user does not exist.", Table);

    public static readonly KmsError AccessKeyNotExist = new("EntityNotExist.User.AccessKey", 404, "The user access key does not exist.", Table);

    public static readonly KmsError UserPolicyNotExist = new("EntityNotExist.User.Policy", 404, "The indicate policy of the user does not exist.", Table);

    public static readonly KmsError UserGroupNotExist = new("EntityNotExist.User.Group", 404, "The user has not joined the group.", Table);

    public static readonly KmsError GroupNotExist = new("EntityNotExist.Group", 404, "The group does not exist.", Table);

    public static readonly KmsError GroupPolicyNotExist = new("EntityNotExist.Group.Policy", 404, "The indicate policy attached to the group does not exist.", Table);

    public static readonly KmsError PolicyNotExist = new("EntityNotExist.Policy", 404, "The policy does not exist.", Table);

    public static readonly KmsError PolicyVersionNotExist = new("EntityNotExist.Policy.Version", 404, "The policy version does not exist.", Table);

    public static readonly KmsError RoleNotExist = new("EntityNotExist.Role", 404, "The role does not exist.", Table);

    public static readonly KmsError RolePolicyNotExist = new("EntityNotExist.Role.Policy", 404, "The indicate policy attached to the role does not exist.", Table);

    public static readonly KmsError UserExists = new("EntityAlreadyExists.User", 409, "The user does already EXIST.", Table);

    public static readonly KmsError UserGroupExists = new("EntityAlreadyExists.User.Group", 409, "The user has already joined the group.", Table);

    public static readonly KmsError UserPolicyExists = new("EntityAlreadyExists.User.Policy", 409, "The user has already been attached this policy.", Table);

    public static readonly KmsError GroupExists = new("EntityAlreadyExists.Group", 409, "The group does already EXIST.", Table);

    public static readonly KmsError GroupPolicyExists = new("EntityAlreadyExists.Group.Policy", 409, "The group has already been attached this policy.", Table);

    public static readonly KmsError PolicyExists = new("EntityAlreadyExists.Policy", 409, "The policy does already EXIST.", Table);

    public static readonly KmsError RoleExists = new("EntityAlreadyExists.Role", 409, "The role does already EXIST.", Table);

    public static readonly KmsError RolePolicyExists = new("EntityAlreadyExists.Role.Policy", 409, "The role has already been attached this policy.", Table);

    public static readonly KmsError UserInGroup = new("DeleteConflict.User.Group", 409, "The user CAN NOT be in any group while deleting the user.", Table);

    public static readonly KmsError UserHasAccessKey = new("DeleteConflict.User.AccessKey", 409, "The user CAN NOT has any access key while deleting the user.", Table);

    public static readonly KmsError UserHasPolicy = new("DeleteConflict.User.Policy", 409, "The user CAN NOT has any attached policy while deleting the user.", Table);

    public static readonly KmsError GroupHasUser = new("DeleteConflict.Group.User", 409, "The group CAN NOT has any user member while deleting the group.", Table);

    public static readonly KmsError GroupHasPolicy = new("DeleteConflict.Group.Policy", 409, "The entity CAN NOT has any attached policy while deleting the group.", Table);

    public static readonly KmsError PolicyOnUser = new("DeleteConflict.Policy.User", 409, "The policy CAN NOT been attached to any user while deleting the policy.", Table);

    public static readonly KmsError PolicyOnGroup = new("DeleteConflict.Policy.Group", 409, "The policy CAN NOT been attached to any group while deleting the policy.", Table);

    public static readonly KmsError PolicyOnRole = new("DeleteConflict.Policy.Role", 409, "The policy CAN NOT been attached to any role while deleting the policy.", Table);

    public static readonly KmsError PolicyHasVersions = new("DeleteConflict.Policy.Version", 409, "The policy CAN NOT has any version except the default version.", Table);

    public static readonly KmsError PolicyVersionIsDefault = new("DeleteConflict.Policy.Version.Default", 409, "The default policy version CAN NOT been deleted directly.", Table);

    public static readonly KmsError RoleHasPolicy = new("DeleteConflict.Role.Policy", 409, "The role CAN NOT has any attached policy while deleting the role.", Table);

    public static readonly KmsError TooManyUsers = new("LimitExceeded.User", 409, "The count of users beyond the current limits.", Table);

    public static readonly KmsError TooManyAccessKeys = new("LimitExceeded.User.AccessKey", 409, "The access key count of the user access keys beyond the current limits.", Table);

    public static readonly KmsError TooManyUserGroups = new("LimitExceeded.User.Group", 409, "The count of groups the target user joined beyond the current limits.", Table);

    public static readonly KmsError TooManyUserPolicies = new("LimitExceeded.User.Policy", 409, "The policy count of the user attached policies beyond the current limits.", Table);

    public static readonly KmsError TooManyGroups = new("LimitExceeded.Group", 409, "The count of groups beyond the current limits.", Table);

    public static readonly KmsError TooManyGroupPolicies = new("LimitExceeded.Group.Policy", 409, "The policy count of the group beyond the current limits.", Table);

    public static readonly KmsError TooManyPolicies = new("LimitExceeded.Policy", 409, "The count of policy beyond the current limits.", Table);

    public static readonly KmsError TooManyPolicyVersions = new("LimitExceeded.Policy.Version", 409, "The count of policy version beyond the current limits.", Table);

    public static readonly KmsError TooManyRoles = new("LimitExceeded.Role", 409, "The count of roles beyond the current limits.", Table);

    public static readonly KmsError TooManyRolePolicies = new("LimitExceeded.Role.Policy", 409, "The count of policies attached to the role beyond the current limits.", Table);

    public static readonly KmsError ServiceUnavailable =
        new("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.", "signing.md 7.1");
}

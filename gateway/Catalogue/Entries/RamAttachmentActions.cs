using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>What policies are attached to. Source: ram-sts-api.md.</summary>
internal static class RamAttachmentActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InRam("AttachPolicyToUser").Writes().On(RamResource.User, RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Takes(
                "ResourceGroupId",
                Text(),
                spec => spec.Refused(ParameterErrors.ResourceGroupRefused, "there are no resource groups; ignoring it would widen the grant"))
            .Records("PolicyName", "PolicyType", "UserName", "ResourceGroupId")
            .AnsweredByGateway(),
        InRam("DetachPolicyFromUser").Writes().On(RamResource.User, RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Takes(
                "ResourceGroupId",
                Text(),
                spec => spec.Refused(ParameterErrors.ResourceGroupRefused, "there are no resource groups; ignoring it would widen the grant"))
            .Records("PolicyName", "PolicyType", "UserName", "ResourceGroupId")
            .AnsweredByGateway(),
        InRam("AttachPolicyToGroup").Writes().On(RamResource.Group, RamResource.OwnOrSystemPolicy)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Takes(
                "ResourceGroupId",
                Text(),
                spec => spec.Refused(ParameterErrors.ResourceGroupRefused, "there are no resource groups; ignoring it would widen the grant"))
            .Records("GroupName", "PolicyName", "PolicyType", "ResourceGroupId")
            .AnsweredByGateway(),
        InRam("DetachPolicyFromGroup").Writes().On(RamResource.Group, RamResource.OwnOrSystemPolicy)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Takes(
                "ResourceGroupId",
                Text(),
                spec => spec.Refused(ParameterErrors.ResourceGroupRefused, "there are no resource groups; ignoring it would widen the grant"))
            .Records("GroupName", "PolicyName", "PolicyType", "ResourceGroupId")
            .AnsweredByGateway(),
        InRam("AttachPolicyToRole").Writes().On(RamResource.Role, RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter))
            .Takes(
                "ResourceGroupId",
                Text(),
                spec => spec.Refused(ParameterErrors.ResourceGroupRefused, "there are no resource groups; ignoring it would widen the grant"))
            .Records("PolicyName", "PolicyType", "RoleName", "ResourceGroupId")
            .AnsweredByGateway(),
        InRam("DetachPolicyFromRole").Writes().On(RamResource.Role, RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter))
            .Takes(
                "ResourceGroupId",
                Text(),
                spec => spec.Refused(ParameterErrors.ResourceGroupRefused, "there are no resource groups; ignoring it would widen the grant"))
            .Records("PolicyName", "PolicyType", "RoleName", "ResourceGroupId")
            .AnsweredByGateway(),
        InRam("ListPoliciesForUser").Lists().On(RamResource.User)
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserName")
            .AnsweredByGateway(),
        InRam("ListPoliciesForGroup").Lists().On(RamResource.Group)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("GroupName")
            .AnsweredByGateway(),
        InRam("ListPoliciesForRole").Lists().On(RamResource.Role)
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter))
            .Records("RoleName")
            .AnsweredByGateway(),
        InRam("ListEntitiesForPolicy").Lists().On(RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Records("PolicyName", "PolicyType")
            .AnsweredByGateway(),
    ];
}

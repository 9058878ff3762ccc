using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>What policies are attached to. Source: ram-sts-api.md.</summary>
internal static class RamAttachmentActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        .. AttachAndDetach("User", action => action.On(RamResource.User, RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter)),
            "PolicyName", "PolicyType", "UserName", "ResourceGroupId"),
        .. AttachAndDetach("Group", action => action.On(RamResource.Group, RamResource.OwnOrSystemPolicy)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom")),
            "GroupName", "PolicyName", "PolicyType", "ResourceGroupId"),
        .. AttachAndDetach("Role", action => action.On(RamResource.Role, RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter)),
            "PolicyName", "PolicyType", "RoleName", "ResourceGroupId"),
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

    /// <summary>The two differ in nothing but their names.</summary>
    private static IEnumerable<ActionBuilder> AttachAndDetach(string holder, Func<ActionBuilder, ActionBuilder> needs, params string[] recorded) =>
        new[] { $"AttachPolicyTo{holder}", $"DetachPolicyFrom{holder}" }.Select(action => needs(InRam(action).Writes())
            .Takes(
                "ResourceGroupId",
                Text(),
                spec => spec.Refused(ParameterErrors.ResourceGroupRefused, "there are no resource groups; ignoring it would widen the grant"))
            .Records(recorded)
            .AnsweredByGateway());
}

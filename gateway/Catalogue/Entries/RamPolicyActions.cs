using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Policies and their versions. Source: ram-sts-api.md.</summary>
internal static class RamPolicyActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InRam("CreatePolicy").Writes().On(RamResource.All("policy"))
            .Needs("PolicyDocument", Text(6144))
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Takes("Description", Text(1024, min: 1))
            .Takes("Tag", TagList(20))
            .Records("PolicyDocument", "PolicyName", "Description", "Tag")
            .RecordsAnswer("Policy")
            .AnsweredByGateway(),
        InRam("GetPolicy").Reads().On(RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Records("PolicyName", "PolicyType")
            .AnsweredByGateway(),
        InRam("ListPolicies").Lists().On(RamResource.All("policy"))
            .Takes("Marker", Text())
            .Takes("MaxItems", Integer(min: 1, max: 1000), spec => spec.Or(100L))
            .Takes("PolicyType", OneOf("System", "Custom"))
            .Takes("Tag", TagList(20))
            .Records("Marker", "MaxItems", "PolicyType", "Tag")
            .AnsweredByGateway(),
        InRam("UpdatePolicyDescription").Writes().On(RamResource.Policy)
            .Needs("NewDescription", Text(1024, min: 1), spec => spec with { FaultName = "Description" })
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Records("NewDescription", "PolicyName")
            .AnsweredByGateway(),
        InRam("DeletePolicy").Writes().On(RamResource.Policy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Takes("CascadingDelete", TrueOrFalse, spec => spec.Or(false))
            .Records("PolicyName", "CascadingDelete")
            .AnsweredByGateway(),
        InRam("CreatePolicyVersion").Writes().On(RamResource.Policy)
            .Needs("PolicyDocument", Text(6144))
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Takes("RotateStrategy", OneOf("None", "DeleteOldestNonDefaultVersionWhenLimitExceeded"), spec => spec.Or("None"))
            .Takes("SetAsDefault", TrueOrFalse, spec => spec.Or(false))
            .Records("PolicyDocument", "PolicyName", "RotateStrategy", "SetAsDefault")
            .RecordsAnswer("PolicyVersion.VersionId", "PolicyVersion.IsDefaultVersion")
            .AnsweredByGateway(),
        InRam("GetPolicyVersion").Reads().On(RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Needs("VersionId", Formed(RamSyntax.IsVersionId))
            .Records("PolicyName", "PolicyType", "VersionId")
            .AnsweredByGateway(),
        InRam("ListPolicyVersions").Lists().On(RamResource.OwnOrSystemPolicy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("PolicyType", OneOf("System", "Custom"))
            .Records("PolicyName", "PolicyType")
            .AnsweredByGateway(),
        InRam("SetDefaultPolicyVersion").Writes().On(RamResource.Policy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("VersionId", Formed(RamSyntax.IsVersionId))
            .Records("PolicyName", "VersionId")
            .AnsweredByGateway(),
        InRam("DeletePolicyVersion").Writes().On(RamResource.Policy)
            .Needs("PolicyName", Name(128, RamSyntax.IsPolicyNameCharacter))
            .Needs("VersionId", Formed(RamSyntax.IsVersionId))
            .Records("PolicyName", "VersionId")
            .AnsweredByGateway(),
    ];
}

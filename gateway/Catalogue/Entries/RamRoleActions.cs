using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Roles. Source: ram-sts-api.md.</summary>
internal static class RamRoleActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InRam("CreateRole").Writes().On(RamResource.All("role"))
            .Needs("AssumeRolePolicyDocument", Text(6144))
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter))
            .Takes("Description", Text(1024, min: 1))
            .Takes("MaxSessionDuration", Integer(min: 3600, max: 43200), spec => spec.Or(3600L))
            .Takes("Tag", RamTagList(20))
            .Records("AssumeRolePolicyDocument", "RoleName", "Description", "MaxSessionDuration", "Tag")
            .RecordsAnswer("Role.Arn", "Role.RoleId", "Role.RoleName")
            .AnsweredByGateway(),
        InRam("GetRole").Reads().On(RamResource.Role)
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter))
            .Records("RoleName")
            .AnsweredByGateway(),
        InRam("UpdateRole").Writes().On(RamResource.Role)
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter))
            .Takes("NewAssumeRolePolicyDocument", Text(6144))
            .Takes("NewDescription", Text(1024, min: 1))
            .Takes("NewMaxSessionDuration", Integer(min: 3600, max: 43200))
            .Takes("RevokeSessions", TrueOrFalse)
            .Records("RoleName", "NewAssumeRolePolicyDocument", "NewDescription", "NewMaxSessionDuration", "RevokeSessions")
            .AnsweredByGateway(),
        InRam("DeleteRole").Writes().On(RamResource.Role)
            .Needs("RoleName", Name(64, RamSyntax.IsRoleNameCharacter))
            .Records("RoleName")
            .AnsweredByGateway(),
        InRam("ListRoles").Lists().On(RamResource.All("role"))
            .Takes("Marker", Text())
            .Takes("MaxItems", Integer(min: 1, max: 1000), spec => spec.Or(100L))
            .Takes("Tag", RamTagList(20))
            .Records("Marker", "MaxItems", "Tag")
            .AnsweredByGateway(),
    ];
}

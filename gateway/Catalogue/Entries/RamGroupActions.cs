using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Groups and membership. Source: ram-sts-api.md.</summary>
internal static class RamGroupActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InRam("CreateGroup").Writes().On(RamResource.All("group"))
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Takes("Comments", Text(128))
            .Records("GroupName", "Comments")
            .RecordsAnswer("Group")
            .AnsweredByGateway(),
        InRam("GetGroup").Reads().On(RamResource.Group)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("GroupName")
            .AnsweredByGateway(),
        InRam("ListGroups").Lists().On(RamResource.All("group"))
            .Takes("Marker", Text())
            .Takes("MaxItems", Integer(min: 1, max: 100), spec => spec.Or(100L))
            .Records("Marker", "MaxItems")
            .AnsweredByGateway(),
        InRam("UpdateGroup").Writes().On(RamResource.Group)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Takes("NewComments", Text(128))
            .Takes("NewGroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("GroupName", "NewComments", "NewGroupName")
            .AnsweredByGateway(),
        InRam("DeleteGroup").Writes().On(RamResource.Group)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("GroupName")
            .AnsweredByGateway(),
        InRam("AddUserToGroup").Writes().On(RamResource.User, RamResource.Group)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("GroupName", "UserName")
            .AnsweredByGateway(),
        InRam("RemoveUserFromGroup").Writes().On(RamResource.User, RamResource.Group)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("GroupName", "UserName")
            .AnsweredByGateway(),
        InRam("ListGroupsForUser").Lists().On(RamResource.User)
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserName")
            .AnsweredByGateway(),
        InRam("ListUsersForGroup").Lists().On(RamResource.Group)
            .Needs("GroupName", Name(64, RamSyntax.IsUserNameCharacter))
            .Takes("Marker", Text())
            .Takes("MaxItems", Integer(min: 1, max: 1000), spec => spec.Or(100L))
            .Records("GroupName", "Marker", "MaxItems")
            .AnsweredByGateway(),
    ];
}

using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Users and access keys. Source: ram-sts-api.md.</summary>
internal static class RamUserActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InRam("CreateUser").Writes().On(RamResource.All("user"))
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Takes("Comments", Text(128))
            .Takes("DisplayName", Name(128, RamSyntax.IsDisplayNameCharacter))
            .Takes("Email", Formed(RamSyntax.IsEmail))
            .Takes("MobilePhone", Formed(RamSyntax.IsMobilePhone))
            .Records("UserName", "Comments", "DisplayName", "Email", "MobilePhone")
            .RecordsAnswer("User")
            .AnsweredByGateway(),
        InRam("GetUser").Reads().On(RamResource.User)
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserName")
            .AnsweredByGateway(),
        InRam("ListUsers").Lists().On(RamResource.All("user"))
            .Takes("Marker", Text())
            .Takes("MaxItems", Integer(min: 1, max: 1000), spec => spec.Or(100L))
            .Records("Marker", "MaxItems")
            .AnsweredByGateway(),
        InRam("UpdateUser").Writes().On(RamResource.User)
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Takes("NewComments", Text(128))
            .Takes("NewDisplayName", Name(128, RamSyntax.IsDisplayNameCharacter))
            .Takes("NewEmail", Formed(RamSyntax.IsEmail))
            .Takes("NewMobilePhone", Formed(RamSyntax.IsMobilePhone))
            .Takes("NewUserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserName", "NewComments", "NewDisplayName", "NewEmail", "NewMobilePhone", "NewUserName")
            .RecordsAnswer("User.UserId", "User.UserName")
            .AnsweredByGateway(),
        InRam("DeleteUser").Writes().On(RamResource.User)
            .Needs("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserName")
            .AnsweredByGateway(),
        InRam("CreateAccessKey").Writes().On(RamResource.User)
            .Takes("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserName")
            .RecordsAnswer("AccessKey.AccessKeyId", "AccessKey.CreateDate", "AccessKey.Status")
            .AnsweredByGateway(),
        InRam("ListAccessKeys").Lists().On(RamResource.User)
            .Takes("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserName")
            .AnsweredByGateway(),
        InRam("UpdateAccessKey").Writes().On(RamResource.User)
            .Needs("Status", OneOf("Active", "Inactive"))
            .Needs("UserAccessKeyId", Text())
            .Takes("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("Status", "UserAccessKeyId", "UserName")
            .AnsweredByGateway(),
        InRam("DeleteAccessKey").Writes().On(RamResource.User)
            .Needs("UserAccessKeyId", Text())
            .Takes("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserAccessKeyId", "UserName")
            .AnsweredByGateway(),
        InRam("GetAccessKeyLastUsed").Reads().On(RamResource.User)
            .Needs("UserAccessKeyId", Text())
            .Takes("UserName", Name(64, RamSyntax.IsUserNameCharacter))
            .Records("UserAccessKeyId", "UserName")
            .Source("@alicloud/ram20150501 1.2.1")
            .AnsweredByGateway(),
        InRam("GetAccountSummary").Reads().On(RamResource.None)
            .Source("IMS 2019-08-15, GetAccountSummary")
            .AnsweredByGateway(),
    ];
}

using System.Text.Json.Nodes;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>Users in answers.</summary>
internal static class UserAnswer
{
    /// <summary>What CreateUser shows.</summary>
    public static JsonObject Created(UserRecord user) => new()
    {
        ["UserId"] = EntityId.Text(user.Id),
        ["UserName"] = user.Name,
        ["DisplayName"] = user.DisplayName,
        ["MobilePhone"] = user.MobilePhone,
        ["Email"] = user.Email,
        ["Comments"] = user.Comments,
        ["CreateDate"] = RamApi.Time(user.CreatedAt),
    };

    /// <summary>What UpdateUser and ListUsers show.</summary>
    public static JsonObject Full(UserRecord user)
    {
        var answer = Created(user);
        answer["UpdateDate"] = RamApi.Time(user.UpdatedAt);
        return answer;
    }
}

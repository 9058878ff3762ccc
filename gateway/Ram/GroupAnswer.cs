using System.Text.Json.Nodes;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>Groups in answers.</summary>
internal static class GroupAnswer
{
    /// <summary>What CreateGroup shows.</summary>
    public static JsonObject Created(IdentityRecord group) => new()
    {
        ["GroupId"] = EntityId.Text(group.Id),
        ["GroupName"] = group.Name,
        ["Comments"] = group.Comments,
        ["CreateDate"] = RamApi.Time(group.CreatedAt),
    };

    /// <summary>What every other action shows.</summary>
    public static JsonObject Full(IdentityRecord group)
    {
        var answer = Created(group);
        answer["UpdateDate"] = RamApi.Time(group.UpdatedAt);
        return answer;
    }
}

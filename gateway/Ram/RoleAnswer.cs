using System.Text.Json.Nodes;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram;

/// <summary>Roles in answers.</summary>
internal static class RoleAnswer
{
    /// <summary>What CreateRole shows.</summary>
    public static JsonObject Created(RoleRecord role)
    {
        var answer = Summary(role);
        answer["AssumeRolePolicyDocument"] = role.TrustDocument;
        return answer;
    }

    /// <summary>What GetRole and UpdateRole show.</summary>
    public static JsonObject Full(RoleRecord role)
    {
        var answer = Created(role);
        answer["UpdateDate"] = RamApi.Time(role.UpdatedAt);
        return answer;
    }

    /// <summary>What ListRoles shows.</summary>
    public static JsonObject Listed(RoleRecord role, IEnumerable<TagRecord> tags)
    {
        var answer = Summary(role);
        answer["UpdateDate"] = RamApi.Time(role.UpdatedAt);
        answer["Tags"] = TagList.Answer(tags);
        return answer;
    }

    private static JsonObject Summary(RoleRecord role) => new()
    {
        ["RoleId"] = EntityId.Text(role.Id),
        ["RoleName"] = role.Name,
        ["Arn"] = RamApi.RoleArn(role.AccountId, role.Name),
        ["Description"] = role.Description,
        ["MaxSessionDuration"] = role.MaxSessionSeconds,
        ["CreateDate"] = RamApi.Time(role.CreatedAt),
    };
}

using System.Text.Json.Nodes;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Ram;

/// <summary>Policies and their versions in answers. System policies have been there since <c>since</c>, the account's beginning.</summary>
internal static class PolicyAnswer
{
    /// <summary>What CreatePolicy shows.</summary>
    public static JsonObject Created(PolicyRecord policy)
    {
        var answer = Named(policy.Name, PolicyType.Custom, policy.Description, PolicyVersionId.Text(policy.DefaultVersion));
        answer["CreateDate"] = RamApi.Time(policy.CreatedAt);
        return answer;
    }

    /// <summary>A custom policy with the date of its last change.</summary>
    public static JsonObject Full(PolicyRecord policy)
    {
        var answer = Created(policy);
        answer["UpdateDate"] = RamApi.Time(policy.UpdatedAt);
        return answer;
    }

    /// <summary>A system policy.</summary>
    public static JsonObject Full(SystemPolicy policy, long since)
    {
        var answer = Named(policy.Name, PolicyType.System, policy.Description, policy.Version);
        answer["CreateDate"] = RamApi.Time(since);
        answer["UpdateDate"] = RamApi.Time(since);
        return answer;
    }

    /// <summary>A policy as an identity holds it.</summary>
    public static JsonObject Attached(AttachmentRecord attachment)
    {
        var system = attachment.SystemPolicy is null ? null : SystemPolicies.Find(attachment.SystemPolicy);
        var answer = attachment.PolicyId is null
            ? Named(attachment.SystemPolicy!, PolicyType.System, system?.Description ?? string.Empty, system?.Version ?? string.Empty)
            : Named(attachment.Name!, PolicyType.Custom, attachment.Description!, PolicyVersionId.Text(attachment.DefaultVersion!.Value));
        answer["AttachDate"] = RamApi.Time(attachment.AttachedAt);
        return answer;
    }

    /// <summary>One version of a custom policy.</summary>
    public static JsonObject Version(PolicyVersionRecord version, long defaultNumber) =>
        Version(PolicyVersionId.Text(version.Number), version.Number == defaultNumber, version.Document, version.CreatedAt);

    /// <summary>The only version of a system policy.</summary>
    public static JsonObject Version(SystemPolicy policy, long since) => Version(policy.Version, true, policy.Document.Source, since);

    private static JsonObject Version(string id, bool isDefault, string document, long createdAt) => new()
    {
        ["VersionId"] = id,
        ["IsDefaultVersion"] = isDefault,
        ["PolicyDocument"] = document,
        ["CreateDate"] = RamApi.Time(createdAt),
    };

    private static JsonObject Named(string name, string type, string description, string defaultVersion) => new()
    {
        ["PolicyName"] = name,
        ["PolicyType"] = type,
        ["Description"] = description,
        ["DefaultVersion"] = defaultVersion,
    };
}

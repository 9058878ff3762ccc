namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>One tag of a policy or role.</summary>
internal sealed record TagRecord(string Key, string Value);

/// <summary>Tags of custom policies and of roles.</summary>
internal static class TagTable
{
    /// <summary>Condition: the policy carries every tag of <c>@tagFilter</c> (JSON of <see cref="TagList"/>, null for no filter).</summary>
    public const string PolicyCarries =
        "NOT EXISTS (SELECT 1 FROM json_each(@tagFilter) f WHERE NOT EXISTS (SELECT 1 FROM policy_tags t "
        + "WHERE t.policy_id = policies.policy_id AND " + Matches + "))";

    /// <summary>Condition: the role <c>i</c> carries every tag of <c>@tagFilter</c>.</summary>
    public const string RoleCarries =
        "NOT EXISTS (SELECT 1 FROM json_each(@tagFilter) f WHERE NOT EXISTS (SELECT 1 FROM identity_tags t "
        + "WHERE t.identity_id = i.identity_id AND " + Matches + "))";

    private const string Matches =
        "t.tag_key = f.value ->> '$.Key' AND coalesce(f.value ->> '$.Value', t.tag_value) = t.tag_value";

    public static IReadOnlyList<TagRecord> OfPolicy(RamReader reader, long policyId) =>
        reader.List<TagRecord>(
            "SELECT tag_key AS Key, tag_value AS Value FROM policy_tags WHERE policy_id = @policyId ORDER BY tag_key", new { policyId });

    public static IReadOnlyList<TagRecord> OfRole(RamReader reader, long roleId) =>
        reader.List<TagRecord>(
            "SELECT tag_key AS Key, tag_value AS Value FROM identity_tags WHERE identity_id = @roleId ORDER BY tag_key", new { roleId });

    public static void AddToPolicy(RamWriter writer, long policyId, IEnumerable<TagRecord> tags)
    {
        foreach (var tag in tags)
        {
            writer.Execute(
                "INSERT INTO policy_tags (policy_id, tag_key, tag_value) VALUES (@policyId, @Key, @Value)", new { policyId, tag.Key, tag.Value });
        }
    }

    public static void AddToRole(RamWriter writer, long roleId, IEnumerable<TagRecord> tags)
    {
        foreach (var tag in tags)
        {
            writer.Execute(
                "INSERT INTO identity_tags (identity_id, tag_key, tag_value) VALUES (@roleId, @Key, @Value)", new { roleId, tag.Key, tag.Value });
        }
    }
}

namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>When, in Unix milliseconds, and for which service (<c>Kms</c>, <c>Ram</c>, <c>Sts</c>) an access key was used last.</summary>
internal sealed record AccessKeyUse(long UsedAt, string Service);

/// <summary>Last use of access keys. Written in batches; decides nothing, raises nothing.</summary>
internal static class AccessKeyUsageTable
{
    public static AccessKeyUse? Find(RamReader reader, string accessKeyId) =>
        reader.Find<AccessKeyUse>(
            "SELECT last_used_at AS UsedAt, service AS Service FROM access_key_usage WHERE access_key_id = @accessKeyId", new { accessKeyId });

    /// <summary>Keeps the later of two uses; a key that was deleted meanwhile, or that was never stored (a session's), is passed over.</summary>
    public static void Record(RamWriter writer, string accessKeyId, AccessKeyUse use) =>
        writer.Execute(
            """
            INSERT INTO access_key_usage (access_key_id, last_used_at, service)
            SELECT access_key_id, @UsedAt, @Service FROM access_keys WHERE access_key_id = @accessKeyId
            ON CONFLICT (access_key_id) DO UPDATE SET last_used_at = excluded.last_used_at, service = excluded.service
            WHERE excluded.last_used_at > last_used_at
            """,
            new { accessKeyId, use.UsedAt, use.Service });
}

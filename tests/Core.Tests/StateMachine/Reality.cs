namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>What the database holds of one account.</summary>
internal sealed class Reality
{
    private const int SealedWithMaterial = 93;
    private const int SealedWithout = 61;

    private readonly TimeSpan tolerance;
    private readonly Dictionary<string, Row> rows;
    private readonly ILookup<string, VersionRow> versions;
    private readonly Dictionary<string, string> aliases;
    private readonly Dictionary<string, string> tags;

    public Reality(ITestedCore core, string account)
    {
        var of = new { account };
        tolerance = core.Tolerance;
        rows = core.Rows<Row>(
            """
            SELECT key_id AS KeyId, state AS State, rotation_interval AS Rotation, delete_at AS DeleteAt, has_material AS HasMaterial,
                   material_expires_at AS ExpiresAt, is_protected AS IsProtected, primary_version AS PrimaryVersion, managed_by AS Product,
                   description AS Description, key_policy AS Policy FROM keys WHERE account = @account
            """,
            of).ToDictionary(row => row.KeyId, StringComparer.Ordinal);
        versions = core.Rows<VersionRow>(
            """
            SELECT key_id AS KeyId, version_id AS VersionId, length(sealed) AS Length, created_at AS CreatedAt
            FROM key_versions JOIN (SELECT key_id FROM keys WHERE account = @account) USING (key_id) ORDER BY created_at
            """,
            of).ToLookup(row => row.KeyId, StringComparer.Ordinal);
        aliases = core.Rows<(string Name, string KeyId)>("SELECT name, key_id FROM aliases WHERE account = @account", of)
            .ToDictionary(row => row.Name, row => row.KeyId, StringComparer.Ordinal);
        tags = core.Rows<(string KeyId, string Tag)>(
                """
                SELECT key_id, tag_key || '=' || tag_value FROM tags JOIN (SELECT key_id FROM keys WHERE account = @account) USING (key_id)
                ORDER BY key_id, tag_key
                """,
                of)
            .GroupBy(row => row.KeyId, row => row.Tag, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => string.Join(',', group), StringComparer.Ordinal);
    }

    public IEnumerable<string> KeyIds => rows.Keys;

    /// <summary>The world with the ids of new versions filled in; null, and why, when it is another.</summary>
    public World? Confirm(World expected, out string difference)
    {
        var confirmed = expected;
        difference = string.Join(' ', expected.Keys.Keys.Except(rows.Keys)) + "|" + string.Join(' ', rows.Keys.Except(expected.Keys.Keys));
        if (difference != "|")
        {
            return null;
        }

        foreach (var key in expected.Keys.Values)
        {
            difference = Difference(key);
            if (difference.Length > 0)
            {
                return null;
            }

            confirmed = confirmed.With(Filled(key));
        }

        difference = "aliases";
        return aliases.Count == expected.Aliases.Count && expected.Aliases.All(alias => aliases.GetValueOrDefault(alias.Key) == alias.Value) ? confirmed : null;
    }

    /// <summary>With the ids of new versions, and the times that the core itself took.</summary>
    private ModelKey Filled(ModelKey key)
    {
        var there = versions[key.Id].ToArray();
        var filled = key with { Versions = [.. there.Select(version => version.VersionId)] };
        return tolerance == TimeSpan.Zero ? filled : filled with
        {
            DeleteAt = Time(rows[key.Id].DeleteAt),
            NewestAt = there.Length == 0 ? key.NewestAt : DateTimeOffset.FromUnixTimeMilliseconds(there[^1].CreatedAt),
        };
    }

    private string Difference(ModelKey key)
    {
        var row = rows[key.Id];
        var found = string.Join(
            ' ', row.KeyId, row.State, row.Rotation ?? 0, row.DeleteAt is not null, row.HasMaterial != 0, row.ExpiresAt ?? 0, row.IsProtected != 0, row.Product, row.Description, row.Policy,
            tags.GetValueOrDefault(key.Id) ?? string.Empty);
        var there = versions[key.Id].ToArray();
        var isWhole = there.Length == key.Versions.Length
            && there.Zip(key.Versions).All(pair => pair.Second == ModelKey.New || pair.Second == pair.First.VersionId)
            && row.PrimaryVersion == there.LastOrDefault()?.VersionId
            && there.All(version => version.Length == (key.HasMaterial ? SealedWithMaterial : SealedWithout));
        var isOnTime = (Time(row.DeleteAt) - key.DeleteAt)?.Duration() is not { } distance || distance <= tolerance;
        return found == key.Describe() && isWhole && isOnTime
            ? string.Empty
            : $"{key.Describe()} until {key.DeleteAt} / {found} until {Time(row.DeleteAt)} / versions {there.Length} for {key.Versions.Length}, primary {row.PrimaryVersion}, {string.Join(' ', there.Select(version => version.Length))}";
    }

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;

#pragma warning disable S1144 // Dapper sets these
    private sealed class Row
    {
        public string KeyId { get; init; } = string.Empty;

        public string State { get; init; } = string.Empty;

        public long? Rotation { get; init; }

        public long? DeleteAt { get; init; }

        public long HasMaterial { get; init; }

        public long? ExpiresAt { get; init; }

        public long IsProtected { get; init; }

        public string? PrimaryVersion { get; init; }

        public string? Product { get; init; }

        public string Description { get; init; } = string.Empty;

        public string? Policy { get; init; }
    }

    private sealed class VersionRow
    {
        public string KeyId { get; init; } = string.Empty;

        public string VersionId { get; init; } = string.Empty;

        public long Length { get; init; }

        public long CreatedAt { get; init; }
    }
#pragma warning restore S1144
}

using System.Collections.Immutable;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>What a key must be, by the guides; written without a look at the product's code.</summary>
internal sealed record ModelKey(string Id, bool IsExternal)
{
    /// <summary>Stands for the id of a version that was just made.</summary>
    public const string New = "?";

    public string State { get; init; } = IsExternal ? "PendingImport" : "Enabled";

    /// <summary>Oldest first.</summary>
    public ImmutableArray<string> Versions { get; init; } = IsExternal ? [] : [New];

    public DateTimeOffset NewestAt { get; init; }

    public TimeSpan? Rotation { get; init; }

    public DateTimeOffset? DeleteAt { get; init; }

    public bool HasMaterial { get; init; } = !IsExternal;

    public DateTimeOffset? ExpiresAt { get; init; }

    public byte[]? Material { get; init; }

    public bool IsProtected { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Rotated once if it is Enabled and its date has come.</summary>
    public ModelKey At(DateTimeOffset now) => State == "Enabled" && NewestAt + Rotation <= now
        ? this with { Versions = Versions.Add(New), NewestAt = now }
        : this;

    public ModelKey WithoutMaterial() => this with
    {
        State = State == "PendingDeletion" ? State : "PendingImport",
        HasMaterial = false,
        ExpiresAt = null,
    };

    /// <summary>What can be seen of it in the database.</summary>
    public string Describe() => string.Join(
        ' ', Id, State, Rotation?.TotalSeconds ?? 0, DeleteAt?.ToUnixTimeMilliseconds() ?? 0, HasMaterial, ExpiresAt?.ToUnixTimeMilliseconds() ?? 0, IsProtected,
        string.Join(',', Tags.Select(tag => $"{tag.Key}={tag.Value}")));
}

/// <summary>Everything there must be.</summary>
internal sealed record World(ImmutableDictionary<string, ModelKey> Keys, ImmutableDictionary<string, string> Aliases)
{
    public static World Empty { get; } = new(ImmutableDictionary<string, ModelKey>.Empty, ImmutableDictionary<string, string>.Empty);

    public World With(ModelKey key) => this with { Keys = Keys.SetItem(key.Id, key) };

    /// <summary>After all that is due at that moment was done.</summary>
    public World At(DateTimeOffset now)
    {
        var live = Keys.Values.Where(key => !(key.DeleteAt <= now))
            .Select(key => key.ExpiresAt <= now ? key.WithoutMaterial() : key.At(now))
            .ToImmutableDictionary(key => key.Id);
        return new World(live, Aliases.Where(alias => live.ContainsKey(alias.Value)).ToImmutableDictionary());
    }
}

/// <summary>What the database holds.</summary>
internal sealed class Reality
{
    private const int SealedWithMaterial = 93;
    private const int SealedWithout = 61;

    private readonly Dictionary<string, Row> rows;
    private readonly ILookup<string, VersionRow> versions;
    private readonly Dictionary<string, string> aliases;
    private readonly Dictionary<string, string> tags;

    public Reality(FaultyCore core)
    {
        rows = core.Rows<Row>(
            """
            SELECT key_id AS KeyId, state AS State, rotation_interval AS Rotation, delete_at AS DeleteAt, has_material AS HasMaterial,
                   material_expires_at AS ExpiresAt, is_protected AS IsProtected, primary_version AS PrimaryVersion FROM keys
            """).ToDictionary(row => row.KeyId, StringComparer.Ordinal);
        versions = core.Rows<VersionRow>(
            "SELECT key_id AS KeyId, version_id AS VersionId, length(sealed) AS Length FROM key_versions ORDER BY created_at").ToLookup(row => row.KeyId, StringComparer.Ordinal);
        aliases = core.Rows<(string Name, string KeyId)>("SELECT name, key_id FROM aliases").ToDictionary(row => row.Name, row => row.KeyId, StringComparer.Ordinal);
        tags = core.Rows<(string KeyId, string Tag)>("SELECT key_id, tag_key || '=' || tag_value FROM tags ORDER BY key_id, tag_key")
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

            confirmed = confirmed.With(key with { Versions = [.. versions[key.Id].Select(version => version.VersionId)] });
        }

        difference = "aliases";
        return aliases.Count == expected.Aliases.Count && expected.Aliases.All(alias => aliases.GetValueOrDefault(alias.Key) == alias.Value) ? confirmed : null;
    }

    private string Difference(ModelKey key)
    {
        var row = rows[key.Id];
        var found = string.Join(
            ' ', row.KeyId, row.State, row.Rotation ?? 0, row.DeleteAt ?? 0, row.HasMaterial != 0, row.ExpiresAt ?? 0, row.IsProtected != 0,
            tags.GetValueOrDefault(key.Id) ?? string.Empty);
        var there = versions[key.Id].ToArray();
        var known = key.Versions.Where(version => version != ModelKey.New).ToArray();
        var isWhole = there.Length == key.Versions.Length
            && known.SequenceEqual(there.Take(known.Length).Select(version => version.VersionId))
            && row.PrimaryVersion == there.LastOrDefault()?.VersionId
            && there.All(version => version.Length == (key.HasMaterial ? SealedWithMaterial : SealedWithout));
        return found == key.Describe() && isWhole ? string.Empty : $"{key.Describe()} / {found} / versions {there.Length} for {key.Versions.Length}, primary {row.PrimaryVersion}";
    }

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
    }

    private sealed class VersionRow
    {
        public string KeyId { get; init; } = string.Empty;

        public string VersionId { get; init; } = string.Empty;

        public long Length { get; init; }
    }
#pragma warning restore S1144
}

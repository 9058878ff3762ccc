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

    public string Description { get; init; } = string.Empty;

    /// <summary>The key policy; null = none of its own.</summary>
    public string? Policy { get; init; }

    /// <summary>The product whose key it is; null = a caller's.</summary>
    public string? Product { get; init; }

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

    /// <summary>The same key when that much time has passed, its times counted from then.</summary>
    public ModelKey Aged(TimeSpan by) => this with { NewestAt = NewestAt - by, DeleteAt = DeleteAt - by, ExpiresAt = ExpiresAt - by };

    /// <summary>What can be seen of it in the database.</summary>
    public string Describe() => string.Join(
        ' ', Id, State, Rotation?.TotalSeconds ?? 0, DeleteAt is not null, HasMaterial, ExpiresAt?.ToUnixTimeMilliseconds() ?? 0, IsProtected, Product, Description, Policy,
        string.Join(',', Tags.Select(tag => $"{tag.Key}={tag.Value}")));
}

/// <summary>Everything there must be.</summary>
internal sealed record World(ImmutableDictionary<string, ModelKey> Keys, ImmutableDictionary<string, string> Aliases)
{
    public static World Empty { get; } = new(ImmutableDictionary<string, ModelKey>.Empty, ImmutableDictionary<string, string>.Empty);

    /// <summary>What callers change, in one order for all runs.</summary>
    public IEnumerable<ModelKey> OfCallers => Keys.Values.Where(key => key.Product is null).OrderBy(key => key.Id, StringComparer.Ordinal);

    /// <summary>Aliases that callers have made.</summary>
    public int AliasCount => Aliases.Count(alias => !alias.Key.StartsWith("alias/acs/", StringComparison.Ordinal));

    public World Aged(TimeSpan by) => this with { Keys = Keys.ToImmutableDictionary(key => key.Key, key => key.Value.Aged(by)) };

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

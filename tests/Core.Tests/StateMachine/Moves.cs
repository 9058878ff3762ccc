using System.Collections.Immutable;
using System.Text.Json.Nodes;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>A call, what it must answer, and what the world is after it.</summary>
/// <param name="Action">The action.</param>
/// <param name="Body">Its parameters.</param>
/// <param name="Error">The code it must be refused with; null = it succeeds.</param>
/// <param name="After">The world when it was done.</param>
internal sealed record Move(string Action, JsonObject Body, string? Error, World After);

/// <summary>Calls that change keys, chosen by chance; what they must answer is written from the guides (kms-api.md sections 5 to 11).</summary>
internal sealed partial class Moves(Random chance, int mostKeys, int mostAliases)
{
    private const string StateModified = "Rejected.StateModifiedFailed";
    private const int MostTags = 10;

    /// <summary>All kinds of moves on one key.</summary>
    private static readonly ImmutableArray<Func<Moves, World, ModelKey, DateTimeOffset, Move>> OnKey =
    [
        static (moves, world, key, now) => moves.Enable(world, key, now),
        static (moves, world, key, now) => moves.Enable(world, key, now),
        static (moves, world, key, _) => moves.Disable(world, key),
        static (moves, world, key, now) => moves.Schedule(world, key, now),
        static (moves, world, key, now) => moves.Cancel(world, key, now),
        static (moves, world, key, now) => moves.Cancel(world, key, now),
        static (moves, world, key, _) => moves.Protect(world, key),
        static (moves, world, key, now) => moves.Rotate(world, key, now),
        static (moves, world, key, now) => moves.Rotate(world, key, now),
        static (moves, world, key, _) => DeleteMaterial(world, key),
        static (moves, world, key, _) => moves.Alias(world, key),
        static (moves, world, key, _) => moves.MoveAlias(world, key),
        static (moves, world, _, _) => moves.DropAlias(world),
        static (moves, world, key, _) => moves.Tag(world, key),
        static (moves, world, key, _) => moves.Untag(world, key),
        static (moves, world, key, _) => moves.TagTwo(world, key),
        static (moves, world, key, _) => moves.UntagTwo(world, key),
        static (moves, world, key, _) => moves.Describe(world, key),
        static (moves, world, key, _) => moves.SetPolicy(world, key),
        static (_, world, key, _) => AddVersion(world, key),
        static (moves, world, _, now) => moves.EnsureService(world, now),
    ];

    public static int Kinds => OnKey.Length;

    public Move OfKind(int kind, World world, ModelKey key, DateTimeOffset now) => OnKey[kind](this, world, key, now);

    public Move Any(World world, ModelKey key, DateTimeOffset now) => OfKind(chance.Next(OnKey.Length), world, key, now);

    /// <summary>The id of the new key is not known yet: it stands under <see cref="ModelKey.New"/>.</summary>
    public Move Create(World world, DateTimeOffset now)
    {
        var isExternal = chance.Next(3) == 0;
        TimeSpan? rotation = !isExternal && chance.Next(2) == 0 ? TimeSpan.FromDays(chance.Next(7, 15)) : null;
        var body = new JsonObject { ["Origin"] = isExternal ? "EXTERNAL" : "Aliyun_KMS" };
        if (rotation is { } interval)
        {
            (body["EnableAutomaticRotation"], body["RotationInterval"]) = (true, $"{interval.TotalHours}h");
        }

        return world.OfCallers.Count() >= mostKeys
            ? new Move("CreateKey", body, "Rejected.LimitExceeded", world)
            : new Move("CreateKey", body, null, world.With(new ModelKey(ModelKey.New, isExternal) { Rotation = rotation, NewestAt = now }));
    }

    /// <summary>Material of the key's own, or now and then other bytes; it may be of a key that takes none.</summary>
    public Move Import(World world, ModelKey key, byte[] publicKey, string token, DateTimeOffset now)
    {
        var isOther = chance.Next(4) == 0;
        byte[] material = key.Material is null || isOther ? NewMaterial() : key.Material;
        DateTimeOffset? expiresAt = chance.Next(2) == 0 ? DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + chance.Next(3_600, 1_000_000)) : null;
        var body = On(
            key,
            ("ImportToken", token),
            ("EncryptedKeyMaterial", Convert.ToBase64String(Sm2Keys.TryEncrypt(publicKey, material)!)),
            ("KeyMaterialExpireUnix", expiresAt?.ToUnixTimeSeconds() ?? 0));
        var error = key.State == "PendingDeletion" ? StateModified : key.Material is not null && isOther ? "InvalidKeyMaterial" : null;
        return Done("ImportKeyMaterial", body, error, world, key with
        {
            State = key.State == "PendingImport" ? "Enabled" : key.State,
            Versions = key.Versions.IsEmpty ? [ModelKey.New] : key.Versions,
            NewestAt = key.Versions.IsEmpty ? now : key.NewestAt,
            HasMaterial = true,
            ExpiresAt = expiresAt,
            Material = material,
        });
    }

    public static string? UseError(ModelKey key) => key.State == "Enabled" ? null : $"Rejected.{key.State}";

    private static Move DeleteMaterial(World world, ModelKey key) => Done(
        "DeleteKeyMaterial", On(key), key.IsExternal ? null : "Unsupported.Origin", world, key.WithoutMaterial());

    private static JsonObject On(ModelKey key, params (string Name, JsonNode? Value)[] more)
    {
        var body = new JsonObject { ["KeyId"] = key.Id };
        foreach (var (name, value) in more)
        {
            body[name] = value;
        }

        return body;
    }

    private static Move Done(string action, JsonObject body, string? error, World world, ModelKey after) =>
        new(action, body, error, error is null ? world.With(after) : world);

    private static bool IsLive(ModelKey key) => key.State is "Enabled" or "Disabled";

    private byte[] NewMaterial()
    {
        var material = new byte[32];
        chance.NextBytes(material);
        return material;
    }

    private Move Enable(World world, ModelKey key, DateTimeOffset now) =>
        Done("EnableKey", On(key), IsLive(key) ? null : StateModified, world, (key with { State = "Enabled" }).At(now));

    private Move Disable(World world, ModelKey key) =>
        Done("DisableKey", On(key), IsLive(key) ? null : StateModified, world, key with { State = "Disabled" });

    private Move Schedule(World world, ModelKey key, DateTimeOffset now)
    {
        var days = chance.Next(7, 31);
        var error = key.State == "PendingDeletion" || key.IsProtected ? StateModified : null;
        return Done(
            "ScheduleKeyDeletion", On(key, ("PendingWindowInDays", days)), error, world, key with { State = "PendingDeletion", DeleteAt = now.AddDays(days) });
    }

    private Move Cancel(World world, ModelKey key, DateTimeOffset now) => Done(
        "CancelKeyDeletion", On(key), key.State == "PendingDeletion" ? null : StateModified, world,
        (key with { State = key.HasMaterial ? "Enabled" : "PendingImport", DeleteAt = null }).At(now));

    private Move Protect(World world, ModelKey key)
    {
        var isOn = chance.Next(3) == 0;
        var error = key.State == "PendingDeletion" ? "Rejected.PendingDeletion" : null;
        return Done("SetDeletionProtection", On(key, ("EnableDeletionProtection", isOn)), error, world, key with { IsProtected = isOn });
    }

    private Move Rotate(World world, ModelKey key, DateTimeOffset now)
    {
        TimeSpan? interval = chance.Next(3) == 0 ? null : TimeSpan.FromDays(chance.Next(7, 15));
        var error = UseError(key) ?? (key.IsExternal ? "Rejected.UnsupportedOperation" : null);
        var body = On(key, ("EnableAutomaticRotation", interval is not null), ("RotationInterval", interval is { } each ? $"{each.TotalSeconds}s" : null));
        return Done("UpdateRotationPolicy", body, error, world, (key with { Rotation = interval }).At(now));
    }

    /// <summary>Every name that an alias may get.</summary>
    public static IEnumerable<string> AliasNames(int mostAliases) => Enumerable.Range(0, 2 * mostAliases).Select(number => $"alias/a{number}");

    private string AliasName() => $"alias/a{chance.Next(2 * mostAliases)}";

    private Move Alias(World world, ModelKey key)
    {
        var name = AliasName();
        var error = key.State == "PendingDeletion" ? StateModified
            : world.Aliases.ContainsKey(name) ? "AliasAlreadyExists"
            : world.AliasCount >= mostAliases ? "Rejected.LimitExceeded" : null;
        return new Move("CreateAlias", On(key, ("AliasName", name)), error, error is null ? world with { Aliases = world.Aliases.Add(name, key.Id) } : world);
    }

    private Move MoveAlias(World world, ModelKey key)
    {
        var name = AliasName();
        var error = !world.Aliases.ContainsKey(name) ? "Forbidden.AliasNotFound" : key.State == "PendingDeletion" ? "Rejected.PendingDeletion" : null;
        return new Move("UpdateAlias", On(key, ("AliasName", name)), error, error is null ? world with { Aliases = world.Aliases.SetItem(name, key.Id) } : world);
    }

    private Move DropAlias(World world)
    {
        var name = AliasName();
        return new Move(
            "DeleteAlias",
            new JsonObject { ["AliasName"] = name },
            world.Aliases.ContainsKey(name) ? null : "Forbidden.AliasNotFound",
            world with { Aliases = world.Aliases.Remove(name) });
    }

    private Move Tag(World world, ModelKey key)
    {
        var (name, value) = ($"t{chance.Next(MostTags + 2)}", $"v{chance.Next(3)}");
        var tags = key.Tags.SetItem(name, value);
        var error = key.State == "PendingDeletion" ? "Rejected.PendingDeletion" : tags.Count > MostTags ? "Rejected.LimitExceeded" : null;
        var body = On(key, ("Tags", new JsonArray(new JsonObject { ["TagKey"] = name, ["TagValue"] = value })));
        return Done("TagResource", body, error, world, key with { Tags = tags });
    }

    private Move Untag(World world, ModelKey key)
    {
        var name = $"t{chance.Next(MostTags + 2)}";
        var error = key.State == "PendingDeletion" ? "Rejected.PendingDeletion" : null;
        return Done("UntagResource", On(key, ("TagKeys", new JsonArray(name))), error, world, key with { Tags = key.Tags.Remove(name) });
    }
}

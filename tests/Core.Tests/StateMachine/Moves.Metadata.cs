using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>Descriptions, policies, tags of two keys at once, versions by hand, keys of products.</summary>
internal sealed partial class Moves
{
    private static readonly string[] Products = ["ecs", "oss", "rds"];

    private static Move AddVersion(World world, ModelKey key) =>
        Done("CreateKeyVersion", On(key), UseError(key) ?? "Rejected.UnsupportedOperation", world, key);

    private static string? ChangeError(params ModelKey[] keys) =>
        keys.Any(key => key.State == "PendingDeletion") ? "Rejected.PendingDeletion" : null;

    private Move Describe(World world, ModelKey key)
    {
        var text = $"d{chance.Next(100)}";
        return Done("UpdateKeyDescription", On(key, ("Description", text)), ChangeError(key), world, key with { Description = text });
    }

    private Move SetPolicy(World world, ModelKey key)
    {
        var number = chance.Next(100);
        return Done(
            "SetKeyPolicy", On(key, ("Policy", new JsonObject { ["Version"] = number })), ChangeError(key), world, key with { Policy = $$"""{"Version":{{number}}}""" });
    }

    private Move TagTwo(World world, ModelKey key)
    {
        var other = AnotherOf(world, key);
        var (name, value) = ($"t{chance.Next(MostTags + 2)}", $"v{chance.Next(3)}");
        var after = world;
        var isFull = false;
        foreach (var each in ((ModelKey[])[key, other]).DistinctBy(each => each.Id))
        {
            var tags = each.Tags.SetItem(name, value);
            isFull |= tags.Count > MostTags;
            after = after.With(each with { Tags = tags });
        }

        var error = ChangeError(key, other) ?? (isFull ? "Rejected.LimitExceeded" : null);
        var body = OnTwo(key, other, "Tag", new JsonArray(new JsonObject { ["Key"] = name, ["Value"] = value }));
        return new Move("TagResources", body, error, error is null ? after : world);
    }

    private Move UntagTwo(World world, ModelKey key)
    {
        var other = AnotherOf(world, key);
        var name = $"t{chance.Next(MostTags + 2)}";
        var error = ChangeError(key, other);
        var after = world.With(key with { Tags = key.Tags.Remove(name) }).With(other with { Tags = other.Tags.Remove(name) });
        return new Move("UntagResources", OnTwo(key, other, "TagKey", new JsonArray(name)), error, error is null ? after : world);
    }

    private Move EnsureService(World world, DateTimeOffset now)
    {
        var product = Products[chance.Next(Products.Length)];
        var body = new JsonObject { ["Product"] = product };
        return world.Keys.Values.Any(key => key.Product == product)
            ? new Move("EnsureServiceKey", body, null, world)
            : new Move("EnsureServiceKey", body, null, world.With(new ModelKey(ModelKey.New, false) { Product = product, NewestAt = now }) with
            {
                Aliases = world.Aliases.Add($"alias/acs/{product}", ModelKey.New),
            });
    }

    private ModelKey AnotherOf(World world, ModelKey key) => world.OfCallers.Skip(chance.Next(world.OfCallers.Count())).FirstOrDefault(key);

    private static JsonObject OnTwo(ModelKey key, ModelKey other, string name, JsonArray values) => new()
    {
        ["ResourceType"] = "key",
        ["ResourceId"] = new JsonArray(key.Id, other.Id),
        [name] = values,
    };
}

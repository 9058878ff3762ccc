using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Seed.Reading;

namespace KmsGateway.Gateway.Seed;

/// <summary>Keys with tags and aliases, made and changed by the core's own operations. What a key is cannot be changed: it is told and kept.</summary>
internal sealed class KeySeedPlan(SeedCalls calls, GatewayOptions options)
{
    public async Task<IReadOnlyList<SeedChange>> PlanAsync(SeedAccount account, CancellationToken cancellationToken)
    {
        var changes = new List<SeedChange>();
        foreach (var key in account.Keys)
        {
            var plan = new OneKey(calls, account.Id, key, SeedIds.Key(account.Id, options.Region, key.Name));
            changes.AddRange(await plan.PlanAsync(cancellationToken));
        }

        return changes;
    }

    private sealed class OneKey(SeedCalls calls, string account, SeedKey key, string keyId)
    {
        private readonly string what = $"key {account}/{key.Name} {keyId}";

        public async Task<IEnumerable<SeedChange>> PlanAsync(CancellationToken cancellationToken)
        {
            var existing = await calls.FindAsync(ReferenceKind.Key, account, keyId, cancellationToken);
            var own = existing is null ? Create() : await CompareAsync(existing, cancellationToken);
            return own.Concat(await AliasesAsync(cancellationToken));
        }

        private IEnumerable<SeedChange> Create()
        {
            var parameters = Parameters(
                ("KeySpec", key.Spec), ("KeyUsage", key.Usage), ("ProtectionLevel", key.ProtectionLevel), ("Description", key.Description),
                ("Tags", key.Tags.Count == 0 ? null : Tags(key.Tags)));
            yield return SeedChange.Add(key.Place, what, calls.Kms(key.Place, account, "CreateKey", parameters, keyId));
            if (key.IsEnabled == false)
            {
                yield return SeedChange.Change(key.Place, $"{what}: disabled", Call("DisableKey"));
            }
        }

        private async Task<IEnumerable<SeedChange>> CompareAsync(KeyDescriptor existing, CancellationToken cancellationToken)
        {
            var described = await calls.Kms(key.Place, account, "DescribeKey", Parameters(("KeyId", keyId)))(cancellationToken);
            var metadata = described.GetProperty("KeyMetadata");
            return [.. Fixed(metadata), .. Changeable(metadata, existing.Tags)];
        }

        private IEnumerable<SeedChange> Fixed(JsonElement metadata)
        {
            foreach (var (member, wanted) in new[] { ("KeySpec", key.Spec), ("KeyUsage", key.Usage), ("ProtectionLevel", key.ProtectionLevel) })
            {
                if (wanted is not null && metadata.TryGetProperty(member, out var current) && current.GetString() != wanted)
                {
                    yield return SeedChange.Keep(key.Place, $"{what}: {member} is {current.GetString()} and cannot become {wanted}, kept");
                }
            }
        }

        private List<SeedChange> Changeable(JsonElement metadata, IReadOnlyDictionary<string, string> tags)
        {
            var state = metadata.GetProperty("KeyState").GetString()!;
            if (state is not ("Enabled" or "Disabled"))
            {
                return [SeedChange.Keep(key.Place, $"{what}: is {state}, kept")];
            }

            var changes = new List<SeedChange>();
            if (key.Description is { } description && metadata.GetProperty("Description").GetString() != description)
            {
                changes.Add(SeedChange.Change(key.Place, $"{what}: description", Call("UpdateKeyDescription", ("Description", description))));
            }

            var different = key.Tags.Where(tag => !tags.TryGetValue(tag.Key, out var value) || value != tag.Value).ToDictionary(StringComparer.Ordinal);
            if (different.Count > 0)
            {
                changes.Add(SeedChange.Change(key.Place, $"{what}: tags {string.Join(", ", different.Keys)}", Call("TagResource", ("Tags", Tags(different)))));
            }

            if (key.IsEnabled is { } isEnabled && isEnabled != (state == "Enabled"))
            {
                changes.Add(SeedChange.Change(key.Place, $"{what}: {(isEnabled ? "enabled" : "disabled")}", Call(isEnabled ? "EnableKey" : "DisableKey")));
            }

            return changes;
        }

        private async Task<IEnumerable<SeedChange>> AliasesAsync(CancellationToken cancellationToken)
        {
            var changes = new List<SeedChange>();
            foreach (var alias in key.Aliases)
            {
                var parameters = Parameters(("KeyId", keyId), ("AliasName", alias.Name));
                var create = calls.Kms(alias.Place, account, "CreateAlias", parameters);
                var leadsTo = await calls.FindAsync(ReferenceKind.Alias, account, alias.Name, cancellationToken);
                if (leadsTo is null)
                {
                    changes.Add(SeedChange.Add(alias.Place, $"alias {account}/{alias.Name} of {key.Name}", create));
                }
                else if (!leadsTo.KeyArn.EndsWith($":key/{keyId}", StringComparison.Ordinal))
                {
                    changes.Add(SeedChange.Change(
                        alias.Place, $"alias {account}/{alias.Name}: now of {key.Name}", calls.Kms(alias.Place, account, "UpdateAlias", parameters)));
                }
            }

            return changes;
        }

        private Func<CancellationToken, Task> Call(string action, params (string Name, string? Value)[] more) =>
            calls.Kms(key.Place, account, action, Parameters([("KeyId", keyId), .. more]));

        private static string Tags(IReadOnlyDictionary<string, string> tags) => new JsonArray(
            [.. tags.Select(tag => new JsonObject { ["TagKey"] = tag.Key, ["TagValue"] = tag.Value })]).ToJsonString();

        private static Dictionary<string, string> Parameters(params (string Name, string? Value)[] all) => all
            .Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value!, StringComparer.Ordinal);
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Simulator;

/// <summary>Writes the answer of <c>/policy/diff</c>. Source: simulator.md 6.</summary>
/// <param name="difference">What changed.</param>
/// <param name="keys">The keys to count, all of which exist.</param>
/// <param name="account">The caller's.</param>
/// <param name="home">The region of this service.</param>
internal sealed class DiffAnswerWriter(PolicyDifference difference, ImmutableArray<ResolvedQuestion> keys, string account, string home)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteBoolean("isSame", difference.IsEmpty);
        json.WriteBoolean("isComplete", difference.IsComplete);
        json.WriteStartArray("regions");
        foreach (var region in difference.Regions)
        {
            Write(json, region);
        }

        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, PolicyRegion region)
    {
        json.WriteStartObject();
        json.WriteString("change", region.Change.ToString());
        if (region.Change == RegionChange.Unknown)
        {
            json.WriteString("reason", region.Reason.ToString());
        }

        json.WriteString("before", region.Before.ToString());
        json.WriteString("after", region.After.ToString());
        json.WriteStartArray("actions");
        foreach (var action in region.Actions)
        {
            json.WriteStringValue(action);
        }

        json.WriteEndArray();
        json.WriteString("actionPattern", region.ActionPattern);
        json.WriteString("resourcePattern", region.ResourcePattern);
        WriteConditions(json, region);
        json.WriteNumber("keys", keys.Count(key => IsInside(region, key)));
        if (region.Witness is { } witness)
        {
            WriteWitness(json, AtHome(region, witness));
        }

        json.WriteEndObject();
    }

    /// <summary>
    /// The witness in the caller's own account, and in this region, where the region of calls has such a one. Why: policies by
    /// themselves are weighed for any account, and a simulation of them is about the caller's.
    /// </summary>
    private WitnessCall AtHome(PolicyRegion region, WitnessCall witness)
    {
        if (!Arn.TryParse(witness.Resource, out var arn))
        {
            return witness;
        }

        Arn[] nearer = [arn with { Account = account, Region = arn.Region.Length == 0 ? "" : home }, arn with { Account = account }];
        return nearer.Select(each => witness with { Resource = each.ToString() }).FirstOrDefault(region.Covers) ?? witness;
    }

    /// <summary>Whether some call of the region is about the key, its conditions on tags included.</summary>
    private static bool IsInside(PolicyRegion region, ResolvedQuestion key) => region.Witness is { } witness && region.Covers(witness with
    {
        Resource = key.Check.Resource.Arn,
        Tags = key.Check.Resource.Tags,
    });

    private static void WriteConditions(Utf8JsonWriter json, PolicyRegion region)
    {
        json.WriteStartArray("conditions");
        foreach (var condition in region.Conditions)
        {
            json.WriteStartObject();
            json.WriteString("operator", condition.Condition.Operator.Name);
            json.WriteString("key", condition.Condition.Key.Text);
            json.WriteStartArray("values");
            foreach (var value in condition.Condition.Values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
            json.WriteBoolean("isMet", condition.IsMet);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A call that can be pasted into <c>calls</c> of a simulation, its tags into <c>tags</c>.</summary>
    private static void WriteWitness(Utf8JsonWriter json, WitnessCall witness)
    {
        json.WriteStartObject("witness");
        json.WriteStartObject("call");
        json.WriteString("action", witness.Action);
        json.WriteStartArray("resources");
        if (witness.Resource != SimulatorAccess.Anything)
        {
            json.WriteStringValue(witness.Resource);
        }

        json.WriteEndArray();
        json.WriteStartObject("context");
        foreach (var (key, values) in witness.Context.Entries)
        {
            json.WriteStartArray(key);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("tags");
        if (!witness.Tags.IsEmpty)
        {
            json.WriteStartObject(witness.Resource);
            foreach (var (key, value) in witness.Tags)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}

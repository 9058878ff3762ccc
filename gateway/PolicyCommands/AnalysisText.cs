using System.Text.Json;
using KmsGateway.Policy.Analysis;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>Regions and calls of an analysis, for people and as JSON.</summary>
internal static class AnalysisText
{
    /// <summary>One line: who asks what on what, and under which circumstances.</summary>
    public static string Of(WitnessCall call)
    {
        string[] tags = [.. call.Tags.Select(tag => $"tag {tag.Key}={tag.Value}")];
        string[] keys = [.. call.Context.Entries.Select(entry => $"{entry.Key}={string.Join(',', entry.Value)}")];
        var circumstances = tags.Concat(keys).ToArray();
        var with = circumstances.Length == 0 ? "" : $" with {string.Join(", ", circumstances)}";
        return $"{ArnOf(call.Principal)} {call.Action} on {call.Resource}{with}";
    }

    /// <summary>One line: what changed, and the calls it is about.</summary>
    public static string Of(PolicyRegion region)
    {
        var conditions = region.Conditions.IsEmpty ? "" : $" if {string.Join(" and ", region.Conditions.Select(condition => condition.Text))}";
        var reason = region.Change == RegionChange.Unknown ? $" ({region.Reason})" : "";
        return $"{region.Change}{reason}: {region.ActionPattern} on {region.ResourcePattern}{conditions}";
    }

    public static void Write(Utf8JsonWriter writer, PolicyRegion region)
    {
        writer.WriteStartObject();
        writer.WriteString("change", region.Change.ToString());
        if (region.Change == RegionChange.Unknown)
        {
            writer.WriteString("reason", region.Reason.ToString());
        }

        writer.WriteString("before", region.Before.ToString());
        writer.WriteString("after", region.After.ToString());
        WriteTexts(writer, "actions", region.Actions);
        writer.WriteString("actionPattern", region.ActionPattern);
        writer.WriteString("resourcePattern", region.ResourcePattern);
        WriteTexts(writer, "conditions", region.Conditions.Select(condition => condition.Text));
        if (region.Witness is { } witness)
        {
            Write(writer, "witness", witness);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, string name, WitnessCall call)
    {
        writer.WriteStartObject(name);
        writer.WriteString("principal", ArnOf(call.Principal));
        writer.WriteString("action", call.Action);
        writer.WriteString("resource", call.Resource);
        writer.WriteStartObject("context");
        foreach (var (key, values) in call.Context.Entries)
        {
            WriteTexts(writer, key, values);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("tags");
        foreach (var (key, value) in call.Tags)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string ArnOf(PolicyPrincipal principal) => principal.Type switch
    {
        PrincipalType.Root => $"acs:ram::{principal.Account}:root",
        PrincipalType.Role => $"acs:ram::{principal.Account}:role/{principal.Name}",
        PrincipalType.User => $"acs:ram::{principal.Account}:user/{principal.Name}",
        _ => principal.Name,
    };

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}

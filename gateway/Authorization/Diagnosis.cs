using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Authorization;

/// <summary>
/// The text inside a sealed diagnostic message, in the fields of the official client's model. Names policies, so it leaves
/// sealed only. Source: ram-policy.md 10.
/// </summary>
internal static class Diagnosis
{
    /// <summary>At most <paramref name="maxBytes"/>: conditions are left out from the end, tags first, until the rest fits whole.</summary>
    public static byte[] Write(Judgement judgement, int maxBytes)
    {
        var kept = judgement.Check.Context.Entries.Length;
        var text = Write(judgement, judgement.Check.Context.Entries.AsSpan());
        while (text.Length > maxBytes && kept > 0)
        {
            kept--;
            text = Write(judgement, judgement.Check.Context.Entries.AsSpan(0, kept));
        }

        return text;
    }

    private static byte[] Write(Judgement judgement, ReadOnlySpan<KeyValuePair<string, ImmutableArray<string>>> conditions)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, judgement, conditions);
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Judgement judgement, ReadOnlySpan<KeyValuePair<string, ImmutableArray<string>>> conditions)
    {
        var (caller, check, decision) = (judgement.Caller, judgement.Check, judgement.Decision);
        writer.WriteStartObject();
        writer.WriteBoolean("ExplicitDeny", decision.Verdict == Verdict.ExplicitDeny);
        writer.WriteString("NoPermissionPolicyType", PolicyTypeName.Of(decision.Layer, check));
        writer.WriteString("AuthAction", check.Action);
        writer.WriteString("AuthResource", check.Resource);
        writer.WriteStartObject("AuthPrincipal");
        writer.WriteString("AuthPrincipalType", AccessDeniedDetail.PrincipalTypeOf(caller));
        writer.WriteString("AuthPrincipalOwnerId", caller.AccountId);
        writer.WriteString("AuthPrincipalDisplayName", AccessDeniedDetail.DisplayNameOf(caller));
        writer.WriteEndObject();
        WriteConditions(writer, conditions);
        WriteMatchedPolicies(writer, judgement);
        writer.WriteEndObject();
    }

    private static void WriteConditions(Utf8JsonWriter writer, ReadOnlySpan<KeyValuePair<string, ImmutableArray<string>>> conditions)
    {
        writer.WriteStartArray("AuthConditions");
        foreach (var (key, values) in conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("ConditionKey", key);
            writer.WriteStartArray("ConditionValues");
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMatchedPolicies(Utf8JsonWriter writer, Judgement judgement)
    {
        writer.WriteStartArray("MatchedPolicies");
        if (Deciding(judgement.Policies.Attached, judgement.Decision) is { } policy)
        {
            writer.WriteStartObject();
            writer.WriteString("Effect", judgement.Decision.Verdict == Verdict.ExplicitDeny ? "Deny" : "Allow");
            writer.WriteString("PolicyIdentifier", policy.Name);
            writer.WriteString("PolicyType", policy.Type);
            writer.WriteString("PolicyVersion", policy.Version);
            writer.WriteString("AttachedEntityType", EntityTypeOf(policy.AttachedTo));
            writer.WriteString("AttachedScope", "Account");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static AttachedPolicy? Deciding(ImmutableArray<AttachedPolicy> attached, Decision decision) =>
        decision.Layer == PolicyLayer.Identity && decision.Policy >= 0 && decision.Policy < attached.Length ? attached[decision.Policy] : null;

    private static string EntityTypeOf(string attachedTo) => attachedTo.Split('/')[0] switch
    {
        "group" => "RamGroup",
        "role" => "RamRole",
        _ => "RamUser",
    };
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Trail;

/// <summary>
/// One event out of one call, in the fields of audit-and-service-keys.md A2 and A3. What may be recorded is decided by the
/// catalogue's allow-list and nothing else; see <see cref="RecordedParameters"/>.
/// </summary>
internal sealed class TrailEventWriter(RecordedParameters parameters)
{
    private const int MaxUserAgent = 512;
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ssZ";

    public TrailEvent Write(Call call, string region)
    {
        var owner = call.Authentication!.KeyOwner ?? call.Caller;
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteHead(json, call, region, call.RequestId, owner.AccountId);
            WriteIdentity(json, call, owner);
            WriteOutcome(json, call);
            parameters.WriteRequest(json, call);
            RecordedParameters.WriteResponse(json, call);
            ReferencedResources.Write(json, call);
            WriteAdditional(json, call);
            json.WriteEndObject();
        }

        return new TrailEvent(call.RequestId, NameOf(call), owner.AccountId, buffer.WrittenMemory);
    }

    /// <summary>
    /// The event of a call on the key of another account, for the trail of that account: who used which of its keys, when, from where and
    /// with what outcome. What else the caller named, its access key and its policies are not the owner's to read.
    /// Source: audit-and-service-keys.md A2, <c>recipientAccountId</c>.
    /// </summary>
    public static TrailEvent WriteForOwner(Call call, string region, string owner)
    {
        var eventId = Rendering.RequestId.New();
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteHead(json, call, region, eventId, owner);
            json.WriteStartObject("userIdentity");
            WriteWho(json, call.Caller);
            json.WriteEndObject();
            if (call.Refusal is not null || call.Answer.IsEmpty)
            {
                json.WriteString("errorCode", call.Refusal?.Error.Code ?? Refusals.InternalCode(call.Action));
            }

            json.WriteNull("responseElements");
            ReferencedResources.Write(json, call, owner);
            json.WriteStartObject("additionalEventData");
            json.WriteString("Scheme", call.Circumstances!.IsSecure ? "https" : "http");
            if (call.Judgement is { } judgement)
            {
                DecisionRecord.WriteForOwner(json, judgement, owner);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new TrailEvent(eventId, NameOf(call), owner, buffer.WrittenMemory);
    }

    private static string NameOf(Call call) => call.Action?.Name ?? "Unknown";

    private static void WriteHead(Utf8JsonWriter json, Call call, string region, string eventId, string account)
    {
        json.WriteString("eventId", eventId);
        json.WriteString("requestId", call.RequestId);
        json.WriteString("eventVersion", "1");
        json.WriteString("eventCategory", "Management");
        json.WriteString("eventType", "ApiCall");
        json.WriteString("eventName", NameOf(call));
        json.WriteString("eventRW", call.Action?.Access == AccessLevel.Write ? "Write" : "Read");
        json.WriteString("serviceName", call.Action?.Product.ToString() ?? "Unknown");
        json.WriteString("apiVersion", call.Action?.Version ?? string.Empty);
        json.WriteString("eventSource", Cut(call.Request?.Host ?? string.Empty));
        json.WriteString("acsRegion", region);
        json.WriteString("eventTime", call.ReceivedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        json.WriteString("sourceIpAddress", call.Circumstances!.SourceIp.ToString());
        json.WriteString("userAgent", Cut(call.Http.Request.Headers.UserAgent.ToString()));
        json.WriteString("recipientAccountId", account);
    }

    private static void WriteIdentity(Utf8JsonWriter json, Call call, Identity owner)
    {
        json.WriteStartObject("userIdentity");
        WriteWho(json, owner);
        json.WriteString("accessKeyId", call.Authentication!.AccessKeyId);
        json.WriteStartObject("sessionContext");
        json.WriteStartObject("attributes");
        json.WriteString("mfaAuthenticated", call.Authentication.Principal?.IsMfaPresent == true ? "true" : "false");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWho(Utf8JsonWriter json, Identity who)
    {
        json.WriteString("type", who.Kind switch
        {
            PrincipalKind.Root => "root-account",
            PrincipalKind.User => "ram-user",
            PrincipalKind.Federated => "federated",
            _ => "assumed-role",
        });
        json.WriteString("principalId", who.SessionName is null ? who.Id : $"{who.Id}:{who.SessionName}");
        json.WriteString("accountId", who.AccountId);
        json.WriteString("userName", who.SessionName is null ? who.Name : $"{who.Name}:{who.SessionName}");
    }

    private static void WriteOutcome(Utf8JsonWriter json, Call call)
    {
        if (call.Refusal is { } refusal)
        {
            json.WriteString("errorCode", refusal.Error.Code);
            json.WriteString("errorMessage", Redaction.Message(refusal));
        }
        else if (call.Answer.IsEmpty)
        {
            json.WriteString("errorCode", Refusals.InternalCode(call.Action));
        }
    }

    private static void WriteAdditional(Utf8JsonWriter json, Call call)
    {
        json.WriteStartObject("additionalEventData");
        json.WriteString("Scheme", call.Circumstances!.IsSecure ? "https" : "http");
        json.WriteString("authStyle", call.Authentication!.AuthStyle);
        RecordedParameters.WriteUnrecorded(json, call);
        if (call.Judgement is { } judgement)
        {
            DecisionRecord.Write(json, judgement);
        }

        json.WriteEndObject();
    }

    /// <summary>Text of the caller's: bounded, without control characters.</summary>
    private static string Cut(string text)
    {
        var kept = new StringBuilder(Math.Min(text.Length, MaxUserAgent));
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxUserAgent)))
        {
            if (!char.IsControl(character))
            {
                kept.Append(character);
            }
        }

        return kept.ToString();
    }
}

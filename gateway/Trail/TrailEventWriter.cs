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
            WriteHead(json, call, region, owner.AccountId);
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

    private static string NameOf(Call call) => call.Action?.Name ?? "Unknown";

    private static void WriteHead(Utf8JsonWriter json, Call call, string region, string account)
    {
        json.WriteString("eventId", call.RequestId);
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
        json.WriteString("type", owner.Kind switch
        {
            PrincipalKind.Root => "root-account",
            PrincipalKind.User => "ram-user",
            PrincipalKind.Federated => "federated",
            _ => "assumed-role",
        });
        json.WriteString("principalId", owner.SessionName is null ? owner.Id : $"{owner.Id}:{owner.SessionName}");
        json.WriteString("accountId", owner.AccountId);
        json.WriteString("accessKeyId", call.Authentication!.AccessKeyId);
        json.WriteString("userName", owner.SessionName is null ? owner.Name : $"{owner.Name}:{owner.SessionName}");
        json.WriteStartObject("sessionContext");
        json.WriteStartObject("attributes");
        json.WriteString("mfaAuthenticated", call.Authentication.Principal?.IsMfaPresent == true ? "true" : "false");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
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

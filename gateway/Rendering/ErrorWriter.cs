using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Rendering;

/// <summary>
/// Turns what went wrong into an answer: the only place with status codes. Whatever is not a <see cref="KmsException"/> is an
/// internal error to the caller and a log entry to the operator. Source: signing.md 7.3, decisions.md D9.
/// </summary>
internal sealed partial class ErrorWriter(ILogger<ErrorWriter> logger)
{
    /// <summary>How far to wait before the next try, in milliseconds.</summary>
    public const string RetryAfterHeader = "x-acs-retry-after";

    internal static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with a refusal or a fault.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fault">A <see cref="KmsException"/>, or anything that escaped.</param>
    /// <param name="cancellationToken">Of the request.</param>
    /// <param name="accessDeniedDetail">For denied calls.</param>
    /// <param name="retryAfter">For throttled calls.</param>
    /// <param name="findings">What is wrong with the policies of the request; JSON only.</param>
    public async Task WriteAsync(
        ResponseContext context,
        Exception fault,
        CancellationToken cancellationToken,
        JsonObject? accessDeniedDetail = null,
        TimeSpan? retryAfter = null,
        JsonArray? findings = null)
    {
        var refusal = fault as KmsException ?? Conceal(context, fault);
        if (context.HttpContext.Response.HasStarted)
        {
            // Why: half an answer must not look like a whole one.
            context.HttpContext.Abort();
            return;
        }

        if (retryAfter is { } wait)
        {
            context.HttpContext.Response.Headers[RetryAfterHeader] =
                ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        using var body = new CanonicalBuffer();
        Append(body, context, refusal, accessDeniedDetail, findings);
        await ResponseWriter.WriteBodyAsync(context, refusal.Error.HttpStatus, body, cancellationToken);
    }

    /// <summary>The body alone, for golden files.</summary>
    internal static void Append(
        CanonicalBuffer body, ResponseContext context, KmsException refusal, JsonObject? accessDeniedDetail, JsonArray? findings = null)
    {
        if (context.Format == ResponseFormat.Xml)
        {
            AppendXml(body, context, refusal, accessDeniedDetail);
            return;
        }

        var envelope = new JsonObject
        {
            ["RequestId"] = context.RequestId,
            ["HostId"] = context.Host,
            ["HttpStatus"] = refusal.Error.HttpStatus,
            ["Code"] = refusal.Error.Code,
            ["Message"] = refusal.Message,
            ["Recommend"] = Recommendation(refusal.Error),
        };
        if (accessDeniedDetail is not null)
        {
            envelope["AccessDeniedDetail"] = accessDeniedDetail.DeepClone();
        }

        if (findings is not null)
        {
            envelope["findings"] = findings.DeepClone();
        }

        body.Append(JsonSerializer.SerializeToUtf8Bytes(envelope, Json));
    }

    private static void AppendXml(
        CanonicalBuffer body, ResponseContext context, KmsException refusal, JsonObject? accessDeniedDetail)
    {
        body.AppendAscii(XmlWriter.Declaration);
        XmlWriter.Open(body, "Error");
        XmlWriter.WriteElement(body, "RequestId", context.RequestId);
        XmlWriter.WriteElement(body, "HostId", context.Host, isLossy: true);
        XmlWriter.WriteElement(body, "HttpStatus", refusal.Error.HttpStatus.ToString(CultureInfo.InvariantCulture));
        XmlWriter.WriteElement(body, "Code", refusal.Error.Code);
        XmlWriter.WriteElement(body, "Message", refusal.Message, isLossy: true);
        XmlWriter.WriteElement(body, "Recommend", Recommendation(refusal.Error));
        if (accessDeniedDetail is not null)
        {
            XmlWriter.Open(body, "AccessDeniedDetail");
            XmlWriter.WriteMembers(body, JsonSerializer.SerializeToElement(accessDeniedDetail, Json));
            XmlWriter.Close(body, "AccessDeniedDetail");
        }

        XmlWriter.Close(body, "Error");
    }

    private static string Recommendation(KmsError error) => $"Look up {error.Code} in the error list of KmsGateway.";

    private KmsException Conceal(ResponseContext context, Exception fault)
    {
        Log.Unexpected(logger, context.RequestId, Quotation.Of(context.Action ?? "-"), fault);
        return (context.IsKms ? KmsErrors.InternalFailure : GatewayErrors.InternalError).With();
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Error, "Request {RequestId} ({Action}) failed for a reason that is not in the error catalogue")]
        public static partial void Unexpected(ILogger logger, string requestId, string action, Exception fault);
    }
}

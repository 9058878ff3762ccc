using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Rendering;

/// <summary>
/// Writes successes: the members of an answer plus <c>RequestId</c>, as JSON or as XML with the root
/// <c>&lt;Action&gt;Response</c>. Source: signing.md 7.3, kms-api.md 2.
/// </summary>
internal static class ResponseWriter
{
    /// <summary>Exact text: V3 clients compare it.</summary>
    public const string JsonType = "application/json;charset=utf-8";

    /// <summary>Exact text: V3 clients compare it.</summary>
    public const string XmlType = "text/xml;charset=utf-8";

    /// <summary>The header with the request's id.</summary>
    public const string RequestIdHeader = "x-acs-request-id";

    /// <summary>Writes an answer of the core: one JSON object in UTF-8, without RequestId.</summary>
    /// <exception cref="KmsException">The answer cannot be written as XML; nothing was written.</exception>
    public static async Task WriteAsync(ResponseContext context, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        using var buffer = new CanonicalBuffer();
        if (context.Format == ResponseFormat.Xml)
        {
            using var document = JsonDocument.Parse(answer);
            XmlWriter.WriteDocument(buffer, $"{context.Action}Response", context.RequestId, document.RootElement);
        }
        else
        {
            AppendWithRequestId(buffer, answer.Span, context.RequestId);
        }

        await WriteBodyAsync(context, StatusCodes.Status200OK, buffer, cancellationToken);
    }

    /// <summary>Writes an answer of the gateway itself.</summary>
    /// <exception cref="KmsException">The answer cannot be written as XML; nothing was written.</exception>
    public static Task WriteAsync(ResponseContext context, JsonObject answer, CancellationToken cancellationToken)
    {
        // Why: the oldest official client takes any answer with a top-level Code for an error (signing.md 7.4).
        if (answer.ContainsKey("Code"))
        {
            throw new InvalidOperationException("an answer has no member Code");
        }

        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(answer, ErrorWriter.Json), cancellationToken);
    }

    internal static async Task WriteBodyAsync(
        ResponseContext context, int status, CanonicalBuffer body, CancellationToken cancellationToken)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = status;
        response.ContentType = context.Format == ResponseFormat.Xml ? XmlType : JsonType;
        response.ContentLength = body.Written.Length;
        response.Headers[RequestIdHeader] = context.RequestId;
        response.Headers.CacheControl = "no-store";
        body.Written.CopyTo(response.BodyWriter.GetSpan(body.Written.Length));
        response.BodyWriter.Advance(body.Written.Length);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static void AppendWithRequestId(CanonicalBuffer buffer, ReadOnlySpan<byte> answer, string requestId)
    {
        var members = answer.Trim(" \t\r\n"u8);
        if (members.Length < 2 || members[0] != '{' || members[^1] != '}')
        {
            throw new InvalidOperationException("an answer is a JSON object");
        }

        members = members[1..].TrimStart(" \t\r\n"u8);
        buffer.Append("{\"RequestId\":\""u8);
        buffer.AppendAscii(requestId);
        buffer.Append((byte)'"');
        if (members.Length > 1)
        {
            buffer.Append((byte)',');
        }

        buffer.Append(members);
    }
}

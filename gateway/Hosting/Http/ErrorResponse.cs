using System.Text.Json;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>Writes a refusal. A module may register its own in place of <see cref="JsonErrorResponse"/>.</summary>
internal interface IErrorResponse
{
    /// <summary>Writes status, headers and body; <paramref name="argument"/> fills the template.</summary>
    Task WriteAsync(HttpContext context, KmsError error, string? argument = null);
}

/// <summary>The JSON envelope of signing.md 7.3.</summary>
internal sealed class JsonErrorResponse : IErrorResponse
{
    /// <inheritdoc />
    public async Task WriteAsync(HttpContext context, KmsError error, string? argument = null)
    {
        var requestId = Guid.NewGuid().ToString("D").ToUpperInvariant();
        var response = context.Response;
        response.Clear();
        response.StatusCode = error.HttpStatus;
        response.ContentType = "application/json;charset=utf-8";
        response.Headers["x-acs-request-id"] = requestId;
        response.Headers.CacheControl = "no-store";
        var body = Body(requestId, context.Request.Host.Value ?? "", error, argument);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static byte[] Body(string requestId, string host, KmsError error, string? argument)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("RequestId", requestId);
            writer.WriteString("HostId", host);
            writer.WriteNumber("HttpStatus", error.HttpStatus);
            writer.WriteString("Code", error.Code);
            writer.WriteString("Message", error.Render(argument));
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

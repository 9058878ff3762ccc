using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Simulator;

/// <summary>An answer: computed before it is recorded, written afterwards.</summary>
/// <param name="contentType">Of the body.</param>
/// <param name="write">Writes the body.</param>
internal sealed class SimulatorAnswer(string contentType, Func<PipeWriter, CancellationToken, Task> write)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object that begins with <c>requestId</c>.</summary>
    public static SimulatorAnswer Json(string requestId, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("requestId", requestId);
            members(json);
            json.WriteEndObject();
        }

        return new SimulatorAnswer(
            ResponseWriter.JsonType, async (body, cancellationToken) => await body.WriteAsync(buffer.WrittenMemory, cancellationToken));
    }

    public async Task WriteAsync(Call call)
    {
        var response = call.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = contentType;
        response.Headers[ResponseWriter.RequestIdHeader] = call.RequestId;
        response.Headers.CacheControl = "no-store";
        await write(response.BodyWriter, call.Aborted);
        await response.BodyWriter.FlushAsync(call.Aborted);
    }
}

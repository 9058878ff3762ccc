using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Operations;

namespace KmsGateway.Core.Http;

/// <summary>Writes every answer of the core; the only place that sets a status.</summary>
internal static class Answers
{
    private const string Json = "application/json";

    // Why: answers are never put into a page, and escaping + in Base64 would only make them longer.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static Utf8JsonWriter? idleWriter;

    public static void Write(HttpResponse response, OperationResult result) => Write(response, 200, result.Write);

    /// <summary><c>{"Code","Parameter"?,"Message"}</c> with the status of the catalogue.</summary>
    public static void Write(HttpResponse response, KmsException refusal) => Write(response, refusal.Error.HttpStatus, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Code", refusal.Error.Code);
        if (refusal.Argument is { } parameter && NamesParameter(refusal.Error))
        {
            writer.WriteString("Parameter", parameter);
        }

        writer.WriteString("Message", refusal.Message);
        writer.WriteEndObject();
    });

    /// <summary>409 <c>{"Stale":[...]}</c>.</summary>
    public static void Write(HttpResponse response, StaleTicketException stale) =>
        Write(response, 409, writer => ContractJson.WriteStale(writer, stale.Fresh));

    public static void Write(HttpResponse response, int status, Action<Utf8JsonWriter> write)
    {
        response.StatusCode = status;
        response.ContentType = Json;
        var writer = idleWriter ?? new Utf8JsonWriter(response.BodyWriter, Options);
        idleWriter = null;
        writer.Reset(response.BodyWriter);
        write(writer);
        writer.Flush();
        response.ContentLength = writer.BytesCommitted;
        writer.Reset(Stream.Null);
        idleWriter = writer;
    }

    /// <summary>401: no ticket, or none of ours. The body is a refusal like any other, so that one reader serves all.</summary>
    public static void WriteUnauthenticated(HttpResponse response)
    {
        response.Headers.WWWAuthenticate = "Bearer";
        Write(response, 401, writer => ContractJson.WriteError(writer, KmsErrors.NoPermission.Code, "This operation is forbidden by permission system."));
    }

    public static Task WriteNoSuchPath(HttpContext context)
    {
        Write(context.Response, 404, writer => ContractJson.WriteError(writer, "NotFound", "There is nothing at this path."));
        return Task.CompletedTask;
    }

    private static bool NamesParameter(KmsError error) => error == KmsErrors.InvalidParameter || error == KmsErrors.MissingParameter;
}

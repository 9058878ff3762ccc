using System.Text.Json;

namespace KmsGateway.Gateway.Hosting.Health;

/// <summary><c>/healthz/live</c> and <c>/healthz/ready</c>, GET and HEAD.</summary>
internal static class HealthEndpoints
{
    /// <summary>200 as long as the process answers.</summary>
    public const string Live = "/healthz/live";

    /// <summary>200 when ready, else 503.</summary>
    public const string Ready = "/healthz/ready";

    /// <summary>Maps both. Why <paramref name="withReasons"/>: reasons name hosts and files, and the main listener answers strangers.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes, Readiness readiness, bool withReasons)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods(Live, methods, (RequestDelegate)(context => WriteAsync(context, StatusCodes.Status200OK, """{"status":"live"}"""u8.ToArray())));
        routes.MapMethods(Ready, methods, (RequestDelegate)(context =>
        {
            var conditions = readiness.Conditions;
            var isReady = conditions.Values.All(condition => condition.IsOk);
            var status = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return WriteAsync(context, status, Body(isReady, conditions, withReasons));
        }));
    }

    private static byte[] Body(bool isReady, IEnumerable<KeyValuePair<string, Condition>> conditions, bool withReasons)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("status", isReady ? "ready" : "not ready");
            writer.WriteStartObject("conditions");
            foreach (var (name, condition) in conditions)
            {
                var state = condition.IsOk ? "ok" : "not ok";
                writer.WriteString(name, withReasons && !condition.IsOk ? condition.Reason : state);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}

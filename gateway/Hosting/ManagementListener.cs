using System.Text;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Hosting.Metrics;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.Hosting;

/// <summary>
/// The second listener: health with reasons, and metrics. A server of its own, so that it answers while the main one is still
/// starting or already draining, and so that no path of it can be reached through the main address.
/// </summary>
internal static class ManagementListener
{
    private const string MetricsPath = "/metrics";

    /// <summary>Built, not started.</summary>
    public static WebApplication Build(ListenAddress address, Readiness readiness, MetricsCollector metrics, Action<WebApplicationBuilder> common)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        common(builder);
        builder.WebHost.ConfigureKestrel(server => Endpoints.Listen(server, [address], tls: null));
        var app = builder.Build();
        app.UseMiddleware<RequestGuard>();
        app.UseRouting();
        app.UseMiddleware<UnknownPath>();
        app.MapHealth(readiness, withReasons: true);
        app.MapMethods(MetricsPath, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context => WriteMetricsAsync(context, metrics)));
        return app;
    }

    private static Task WriteMetricsAsync(HttpContext context, MetricsCollector metrics)
    {
        var body = Encoding.UTF8.GetBytes(metrics.Render());
        context.Response.ContentType = PrometheusWriter.ContentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}

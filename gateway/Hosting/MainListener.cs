using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Http;

namespace KmsGateway.Gateway.Hosting;

/// <summary>The pipeline of the main address, in order: sizes and spelling, routing, unknown paths, then what the modules map.</summary>
internal static class MainListener
{
    public static void Map(WebApplication app, Readiness readiness, IEnumerable<IGatewayModule> modules)
    {
        app.UseMiddleware<RequestGuard>();
        app.UseRouting();
        app.UseMiddleware<UnknownPath>();
        app.MapHealth(readiness, withReasons: false);
        foreach (var module in modules)
        {
            module.Map(app);
        }
    }
}

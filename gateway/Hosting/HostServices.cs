using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace KmsGateway.Gateway.Hosting;

/// <summary>What every <see cref="IGatewayModule"/> finds registered.</summary>
internal static class HostServices
{
    public static void Add(
        IServiceCollection services, GatewayOptions options, GatewayProcessOptions process, DataDirectory data, Readiness readiness, StartupReport report)
    {
        services.AddSingleton(options);
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(data);
        services.AddSingleton(readiness);
        services.AddSingleton(report);
        services.AddSingleton(new ForwardedAddress(new TrustedProxies(options.TrustedProxies)));
        services.TryAddSingleton(process.Clock);
        services.TryAddSingleton<IErrorResponse, JsonErrorResponse>();
    }
}

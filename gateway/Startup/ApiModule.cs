using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Accounts;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Resolution;
using KmsGateway.Gateway.Seed;
using KmsGateway.Gateway.Simulator;
using KmsGateway.Gateway.Sts;
using KmsGateway.Gateway.Trail;

namespace KmsGateway.Gateway.Startup;

/// <summary>The API at <c>/</c>: everything between the listener and the core, composed once.</summary>
internal sealed class ApiModule : IGatewayModule
{
    public void AddServices(IServiceCollection services, GatewayOptions options, DataDirectory data)
    {
        AddForwarding(services, options, data);
        AddIdentities(services, options, data);
        services.AddRequestAuthentication();
        services.Configure<Authentication.ReplayOptions>(replay => replay.MaxEntries = options.Replay.MaxEntries);
        services.AddSingleton<GatewayKeys>();
        services.AddSingleton<Denials>();
        services.AddSingleton<DescriptorCache>();
        services.AddSingleton<ReferenceResolver>();
        services.AddSingleton<ErrorWriter>();
        services.AddSingleton<ITrail, LogTrail>();
        services.AddSingleton<RecordedParameters>();
        services.AddSingleton<TrailEventWriter>();
        services.AddSingleton<TrailRecorder>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<KmsCallRunner>();
        services.AddSingleton<LocalCallRunner>();
        services.AddSingleton<CallPipeline>();
        services.AddSimulator();
        services.AddSingleton<FirstStart>();
        services.AddSingleton<StartSequence>();
        services.AddOperatorServices();
        services.AddSeed();
    }

    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<StartSequence>().RunAsync(cancellationToken);

    public void Map(WebApplication app)
    {
        // Why looked up per request: nothing may open the stores before the start sequence does, in its order.
        app.Map("/", static context => context.RequestServices.GetRequiredService<CallPipeline>().InvokeAsync(context));
        app.MapSimulator();
        if (app.Services.GetRequiredService<GatewayOptions>().Core.Address is not null)
        {
            // Why: this is what loads the cluster and starts its health checks; there is no route, so it serves no path.
            app.MapReverseProxy();
        }
    }

    private static void AddForwarding(IServiceCollection services, GatewayOptions options, DataDirectory data)
    {
        services.AddSingleton(_ => TicketKey.Open(data));
        services.AddSingleton(provider => new TicketMinter(
            provider.GetRequiredService<TicketKey>(), provider.GetRequiredService<TimeProvider>(), options.Core.Id));
        services.AddSingleton<CoreResilience>();
        services.AddSingleton<CoreTransport>();
        services.AddSingleton<CoreClient>();
        services.AddHttpForwarder();
        if (options.Core.Address is { } address)
        {
            var (routes, clusters) = CoreCluster.Configuration(address);
            services.AddReverseProxy().LoadFromMemory(routes, clusters).ConfigureHttpClient(
                (_, handler) => CoreCluster.Configure(handler, options.Core));
            services.AddSingleton<ICoreDestination, CoreCluster>();
            services.AddHostedService<CoreConnection>();
        }
        else
        {
            services.AddSingleton<EmbeddedDestination>();
            services.AddSingleton<ICoreDestination>(provider => provider.GetRequiredService<EmbeddedDestination>());
        }
    }

    private static void AddIdentities(IServiceCollection services, GatewayOptions options, DataDirectory data)
    {
        services.AddSingleton(provider => RamStore.Open(
            data.FilePath("ram.db"),
            new RamStoreSettings(provider.GetRequiredService<TimeProvider>()) { Quotas = RamQuotaSettings.From(options.Quotas), CacheLimits = RamCacheLimits.Of(options.Cache.Megabytes) }));
        services.AddSingleton(provider => provider.GetRequiredService<RamStore>().Standings);
        services.AddSessions(options.Sts);
        services.AddSingleton(provider => provider.GetRequiredService<RamStore>().Policies);
        services.AddSingleton<IEnumerable<IActionHandler>>(provider =>
            [.. RamActions.All(provider.GetRequiredService<RamStore>()), provider.GetRequiredService<AssumeRole>(), new DecodeDiagnosticMessage(provider.GetRequiredService<GatewayKeys>())]);
        services.AddSingleton(provider => provider.GetRequiredService<RamStore>().Usage);
        services.AddHostedService<AccessKeyUsageWriter>();
    }
}

using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Gateway.Startup;

namespace KmsGateway.Gateway.Accounts.Control;

/// <summary>
/// Everything of the service but its listeners and its background parts, started in the same order over a data directory that
/// nobody else holds: what a command works on while the service is stopped. Its log begins at warnings.
/// </summary>
internal sealed class OfflineService : IAsyncDisposable
{
    private readonly WebApplication app;

    private OfflineService(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    /// <exception cref="StartupException">It could not start.</exception>
    public static async Task<OfflineService> StartAsync(
        LoadedSettings settings, GatewayProcessOptions process, DataDirectory data, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = process.ContentRoot });
        LogSetup.Apply(builder.Logging, settings.Logging, settings.Options.Log, process);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter((_, _, level) => level >= LogLevel.Warning);
        // Why a server that is never started: the application cannot be built without one.
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.AddMetrics();
        HostServices.Add(builder.Services, settings.Options, process, data, new Readiness(), new StartupReport(process.IsTerminal));
        var module = new ApiModule();
        module.AddServices(builder.Services, settings.Options, data);
        var service = new OfflineService(builder.Build());
        try
        {
            await module.StartAsync(service.Services, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

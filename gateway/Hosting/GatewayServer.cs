using System.Net;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Hosting.Metrics;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Gateway.Hosting.Tls;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KmsGateway.Gateway.Hosting;

/// <summary>One run of the service, from valid settings to the last answer. Source: decisions.md D4, D8.</summary>
internal sealed class GatewayServer
{
    private readonly LoadedSettings settings;
    private readonly GatewayProcessOptions process;
    private readonly DataDirectory data;
    private readonly IReadOnlyList<IGatewayModule> modules;
    private readonly IReadOnlyList<ListenAddress> addresses;
    private readonly LocalCertificateAuthority? authority;
    private readonly CurrentCertificate? certificate;
    private readonly Readiness readiness = new();
    private readonly StartupReport moduleLines;

    private GatewayServer(LoadedSettings settings, GatewayProcessOptions process, DataDirectory data)
    {
        this.settings = settings;
        this.process = process;
        this.data = data;
        modules = process.Modules();
        moduleLines = new StartupReport(process.IsTerminal);
        addresses = ListenAddress.ParseAll(SettingsTable.Urls, settings.Options.Urls, []);
        if (addresses.Any(address => address.IsHttps))
        {
            authority = settings.Options.Tls.CertificateFile is null ? NewAuthority() : null;
            certificate = new CurrentCertificate(
                authority as IServerCertificateSource
                ?? new ConfiguredCertificate(settings.Options.Tls.CertificateFile!, settings.Options.Tls.KeyFile!));
        }
    }

    /// <summary>Serves until <paramref name="stop"/>; returns when the last accepted request is answered.</summary>
    /// <exception cref="StartupException">It could not start, or a part of it failed.</exception>
    public static async Task RunAsync(LoadedSettings settings, GatewayProcessOptions process, CancellationToken stop)
    {
        using var taken = OpenData(settings.Options.DataDirectory);
        await new GatewayServer(settings, process, taken).RunAsync(stop);
    }

    /// <exception cref="StartupException">Another process holds it, or it cannot be opened.</exception>
    public static DataDirectory OpenData(string path)
    {
        try
        {
            return DataDirectory.Open(path, $"KmsGateway {ProgramVersion.Text}");
        }
        catch (DataDirectoryInUseException exception)
        {
            throw new StartupException(StartupException.CouldNotStart, exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                StartupException.CouldNotStart, $"The data directory {Path.GetFullPath(path)} cannot be opened: {exception.Message}", exception);
        }
    }

    private LocalCertificateAuthority NewAuthority() =>
        new(data, [.. new[] { Dns.GetHostName() }.Where(HostName.IsValid), .. settings.Options.Tls.Names], process.Clock);

    private async Task RunAsync(CancellationToken stop)
    {
        await using var app = BuildMain();
        var metrics = app.Services.GetRequiredService<MetricsCollector>();
        var hostMetrics = app.Services.GetRequiredService<HostMetrics>();
        var management = ManagementAddress();
        await using var managementApp = ManagementListener.Build(management, readiness, metrics, AddCommon);
        await Endpoints.StartAsync(managementApp, [management], stop);
        foreach (var module in modules)
        {
            await module.StartAsync(app.Services, stop);
        }

        if (certificate is not null)
        {
            certificate.Refresh();
            hostMetrics.Watch(certificate);
        }

        await Endpoints.StartAsync(app, addresses, stop);
        readiness.Set(Readiness.Startup, isOk: true);
        await AnnounceAsync(app, managementApp);
        await HostLife.UntilStoppedAsync(app, stop);

        // Why: probes must see red before the first connection is refused, and until the last request is answered.
        readiness.Set(Readiness.Shutdown, isOk: false, "stopping");
        await HostLife.StopAsync(app, process.Clock);
        await HostLife.StopAsync(managementApp, process.Clock);
        HostLife.ThrowIfFailed(app);
    }

    private ListenAddress ManagementAddress() =>
        ListenAddress.TryParse("Kms:Management:Url", settings.Options.Management.Url, out var address, out var fault)
            ? address
            : throw new InvalidOperationException(fault);

    private WebApplication BuildMain()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = process.ContentRoot });
        AddCommon(builder);
        builder.WebHost.ConfigureKestrel(server => Endpoints.Listen(server, addresses, certificate));
        AddHostServices(builder.Services);
        foreach (var module in modules)
        {
            module.AddServices(builder.Services, settings.Options, data);
        }

        var app = builder.Build();
        MainListener.Map(app, readiness, modules);
        return app;
    }

    private void AddHostServices(IServiceCollection services)
    {
        HostServices.Add(services, settings.Options, process, data, readiness, moduleLines);
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<HostMetrics>();
        if (certificate is not null)
        {
            services.AddSingleton(certificate);
            services.AddHostedService<CertificateRenewal>();
        }
    }

    /// <summary>What both listeners need.</summary>
    private void AddCommon(WebApplicationBuilder builder)
    {
        LogSetup.Apply(builder.Logging, settings.Logging, settings.Options.Log, process);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(ServerLimits.Apply);
        builder.Services.AddRouting();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(process.Clock);
        HostLife.AddTo(builder.Services);
        builder.Services.TryAddSingleton<IErrorResponse, JsonErrorResponse>();
    }

    private async Task AnnounceAsync(WebApplication app, WebApplication managementApp)
    {
        var bound = Endpoints.Bound(app);
        var managementAddress = Endpoints.Bound(managementApp)[0];
        var report = new StartupReport(process.IsTerminal);
        report.Add("data directory", data.Path);
        foreach (var address in bound)
        {
            report.Add("listening on", Shown(address));
        }

        report.Add("management", Shown(managementAddress));
        if (authority is not null)
        {
            report.Add("CA certificate", authority.CaPath);
        }

        report.Append(moduleLines);
        await process.Output.WriteAsync($"KmsGateway {ProgramVersion.Text}\n{report}Ready.\n");
        await process.Output.FlushAsync();
        process.Started?.Invoke(new RunningGateway(bound, managementAddress, data, app.Services));
    }

    private static string Shown(Uri address) => address.GetLeftPart(UriPartial.Authority);
}

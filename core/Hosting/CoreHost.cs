using System.Runtime.Versioning;
using KmsGateway.Core.Control;
using KmsGateway.Core.Http;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Tickets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace KmsGateway.Core.Hosting;

/// <summary>A core as a process of its own, on Kestrel.</summary>
internal sealed class CoreHost : IAsyncDisposable
{
    private readonly DataDirectory directory;

    private CoreHost(WebApplication application, DataDirectory directory)
    {
        Application = application;
        this.directory = directory;
    }

    public WebApplication Application { get; }

    public IReadOnlyCollection<string> Addresses =>
        [.. Application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Reads the settings, takes the data directory, opens the store; listens when the application is started.</summary>
    /// <exception cref="StartupException">64 with every fault of the settings, 70 for what keeps it from starting.</exception>
    [UnsupportedOSPlatform("windows")]
    public static CoreHost Build(string[] arguments, TimeProvider clock, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory });
        configure?.Invoke(builder);
        var options = Settings(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(Urls(builder.Configuration));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        var taken = Take(options.DataDirectory);
        try
        {
            builder.Services.AddKmsCore(new CoreSetup(
                taken,
                new CoreIdentity(options.Region, options.Core.Id),
                options.Quotas,
                [.. options.Tickets.PublicKeys.Select(key => TicketKeys.Read(key).Key!)],
                clock));
            builder.Services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ControlSocket>(provider, CoreCommands.Verbs, taken));
            var application = builder.Build();
            ProcessHardening.Apply(application.Logger);
            application.MapKmsCore();
            return new CoreHost(application, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        directory.Dispose();
    }

    private static string Urls(ConfigurationManager configuration) => configuration["urls"] ?? CoreArguments.DefaultUrl;

    private static CoreOptions Settings(ConfigurationManager configuration)
    {
        string[] faults = [.. CoreArguments.UnknownSettings(configuration), .. ListenAddresses.Faults(Urls(configuration))];
        var options = new CoreOptions();
        try
        {
            configuration.GetSection(CoreOptions.Section).Bind(options);
            faults = [.. faults, .. new CoreOptionsValidator().Validate(null, options).Failures ?? []];
        }
        catch (InvalidOperationException exception)
        {
            faults = [.. faults, exception.Message];
        }

        return faults.Length == 0
            ? options
            : throw new StartupException(StartupException.BadSettings, string.Join(Environment.NewLine, faults));
    }

    [UnsupportedOSPlatform("windows")]
    private static DataDirectory Take(string path)
    {
        try
        {
            return DataDirectory.Open(path, "KmsGateway core");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(StartupException.CouldNotStart, exception.Message, exception);
        }
    }
}

using System.Runtime.Versioning;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Rewrap;
using KmsGateway.Core.Tickets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Core.Embedded;

/// <summary>What an embedded core needs to be told.</summary>
public sealed class EmbeddedCoreOptions
{
    /// <summary>The locked directory; the caller goes on owning, and disposing, it.</summary>
    public required DataDirectory DataDirectory { get; init; }

    /// <summary>Region of every key made here.</summary>
    public required string Region { get; init; }

    /// <summary>One or two public keys of the gateway, PEM, P-256.</summary>
    public required IReadOnlyList<string> PublicKeysPem { get; init; }

    /// <summary>Claim <c>aud</c> of the tickets it takes.</summary>
    public string Id { get; init; } = Ticket.DefaultAudience;

    /// <summary>Limits; the defaults are the documented ones.</summary>
    public CoreQuotas Quotas { get; init; } = new();
}

/// <summary>
/// A whole core in this process: the same pipeline, the same ticket check, no socket. <see cref="Handler"/> goes into an
/// <see cref="HttpMessageInvoker"/>, for YARP or for direct use; the address is <see cref="Address"/>.
/// </summary>
public sealed class EmbeddedCore : IAsyncDisposable
{
    private readonly WebApplication application;

    private EmbeddedCore(WebApplication application, HttpMessageHandler handler)
    {
        this.application = application;
        Handler = handler;
    }

    /// <summary>Base address of requests to <see cref="Handler"/>.</summary>
    public static Uri Address { get; } = new("https://core.embedded/");

    /// <summary>Answers requests until the core is disposed; disposing the handler itself does nothing.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>What an operator asks of this core.</summary>
    public CoreAdministration Administration => application.Services.GetRequiredService<CoreAdministration>();

    /// <summary>Opens the data directory and starts. Every fault of the options at once.</summary>
    /// <exception cref="StartupException">64 for options, 70 for a data directory that cannot be served.</exception>
    [UnsupportedOSPlatform("windows")]
    public static async Task<EmbeddedCore> StartAsync(
        EmbeddedCoreOptions options, ILoggerFactory loggers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var keys = Validate(options);
        var server = new EmbeddedServer();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IServer>(server);
        // Why: signals belong to the process this core is embedded in.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddKmsCore(new CoreSetup(
            options.DataDirectory, new CoreIdentity(options.Region, options.Id), options.Quotas, keys, clock));
        var built = builder.Build();
        try
        {
            built.MapKmsCore();
            await built.StartAsync(cancellationToken);
            return new EmbeddedCore(built, server.Handler);
        }
        catch
        {
            await built.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does all scheduled work that is due now, as the background service would within a second.</summary>
    internal Task RunScheduledWorkAsync() => application.Services.GetRequiredService<ScheduledWork>().RunDueAsync();

    /// <summary>For tests: the rewrap behind <see cref="Administration"/>.</summary>
    internal Rewrapping Rewrapping => application.Services.GetRequiredService<Rewrapping>();

    /// <summary>Finishes accepted writes, closes the store, zeroes what was held.</summary>
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    private static IReadOnlyList<SecurityKey> Validate(EmbeddedCoreOptions options)
    {
        var settings = new CoreOptions
        {
            DataDirectory = options.DataDirectory.Path,
            Region = options.Region,
            Quotas = options.Quotas,
            Core = { Id = options.Id },
            Tickets = { PublicKeys = [.. options.PublicKeysPem] },
        };
        var result = new CoreOptionsValidator().Validate(null, settings);
        return result.Failed
            ? throw new StartupException(StartupException.BadSettings, string.Join(Environment.NewLine, result.Failures))
            : [.. options.PublicKeysPem.Select(pem => TicketKeys.Read(pem).Key!)];
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

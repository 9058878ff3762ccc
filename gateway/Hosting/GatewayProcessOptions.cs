using KmsGateway.Core.Hosting;
using Microsoft.Extensions.Logging;

namespace KmsGateway.Gateway.Hosting;

/// <summary>What a process gives to the gateway; a test gives its own.</summary>
internal sealed record GatewayProcessOptions
{
    /// <summary>Start-up lines, and what commands print.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Faults. The console log goes to the process's standard error as well.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The clock of everything.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Whether a person reads along: secrets are printed only then (decisions.md D8).</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The parts that the host starts, in this order.</summary>
    public required Func<IReadOnlyList<IGatewayModule>> Modules { get; init; }

    /// <summary>Environment variables; those of the process when null.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Where <c>appsettings.json</c> is: the program's directory.</summary>
    public string ContentRoot { get; init; } = AppContext.BaseDirectory;

    /// <summary>Takes the log instead of the console.</summary>
    public ILoggerProvider? Log { get; init; }

    /// <summary>Told once the server listens and is ready.</summary>
    public Action<RunningGateway>? Started { get; init; }
}

/// <summary>A server that is up.</summary>
/// <param name="Addresses">Bound addresses of the main listener, in the order of <c>--urls</c>.</param>
/// <param name="ManagementAddress">Bound address of the management listener.</param>
/// <param name="Data">Its data directory.</param>
/// <param name="Services">Its services.</param>
internal sealed record RunningGateway(IReadOnlyList<Uri> Addresses, Uri ManagementAddress, DataDirectory Data, IServiceProvider Services);

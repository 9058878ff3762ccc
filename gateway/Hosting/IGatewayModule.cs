using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Hosting;

/// <summary>
/// A part of the gateway, started by the host in the order of decisions.md D4: settings, data directory, services, build,
/// <see cref="StartAsync"/>, CA, listen, ready.
/// </summary>
internal interface IGatewayModule
{
    /// <summary>
    /// Registers services. There already: <see cref="GatewayOptions"/>, <see cref="DataDirectory"/>, <see cref="TimeProvider"/>,
    /// <see cref="Health.Readiness"/>, <see cref="StartupReport"/>, <see cref="Http.ForwardedAddress"/>, meters, logging, routing.
    /// </summary>
    void AddServices(IServiceCollection services, GatewayOptions options, DataDirectory data);

    /// <summary>
    /// Runs the part's start sequence, before anything listens. A fault is a <see cref="StartupException"/>; what may come up
    /// later (a core elsewhere) is a condition of <see cref="Health.Readiness"/>.
    /// </summary>
    Task StartAsync(IServiceProvider services, CancellationToken cancellationToken);

    /// <summary>Maps endpoints: <c>/</c> and whatever else the part serves. Other paths get 404 before they reach anything.</summary>
    void Map(WebApplication app);
}

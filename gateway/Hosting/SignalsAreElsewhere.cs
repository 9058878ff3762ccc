namespace KmsGateway.Gateway.Hosting;

/// <summary>Signals belong to the process (<see cref="StopSignals"/>), not to a host, of which there are two.</summary>
internal sealed class SignalsAreElsewhere : IHostLifetime
{
    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

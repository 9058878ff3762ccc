using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Hosting;

/// <summary>How the two listeners of one run end: on request, or because a background part failed.</summary>
internal static class HostLife
{
    /// <summary>How long accepted requests may still take. Source: decisions.md D8.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Leaves signals to the process and the time limit to <see cref="StopAsync"/>.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IHostLifetime, SignalsAreElsewhere>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
    }

    /// <summary>Returns when asked to stop, or when the host stops by itself.</summary>
    public static async Task UntilStoppedAsync(WebApplication app, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = stop.UnsafeRegister(Complete, stopped);
        await using var failed = app.Lifetime.ApplicationStopping.UnsafeRegister(Complete, stopped);
        await stopped.Task;

        static void Complete(object? state) => ((TaskCompletionSource)state!).TrySetResult();
    }

    /// <summary>Takes no more connections, lets accepted requests finish, and aborts what takes longer than allowed.</summary>
    public static async Task StopAsync(WebApplication app, TimeProvider clock)
    {
        using var patience = new CancellationTokenSource(ShutdownTimeout, clock);
        await app.StopAsync(patience.Token);
    }

    /// <summary>A background part that failed has stopped the server; that was not on request.</summary>
    /// <exception cref="StartupException">70.</exception>
    public static void ThrowIfFailed(WebApplication app)
    {
        var failed = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(part => part.ExecuteTask?.IsFaulted == true);
        if (failed is not null)
        {
            var reason = failed.ExecuteTask!.Exception!.InnerException!;
            throw new StartupException(
                StartupException.CouldNotStart, $"The server stopped because {failed.GetType().Name} failed: {reason.Message}", reason);
        }
    }
}

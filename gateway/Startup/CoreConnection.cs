using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Hosting.Health;

namespace KmsGateway.Gateway.Startup;

/// <summary>
/// A core in another process may come up later than the gateway, which stays up, not ready, and tries again. Source:
/// decisions.md D4.
/// </summary>
internal sealed partial class CoreConnection(FirstStart firstStart, Readiness readiness, TimeProvider clock, ILogger<CoreConnection> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await firstStart.RunAsync(stoppingToken);
                readiness.Set(StartSequence.CoreCondition, isOk: true);
                return;
            }
            catch (CoreUnavailableException exception)
            {
                Log.Away(logger, exception.Message);
                readiness.Set(StartSequence.CoreCondition, isOk: false, exception.Message);
                await Task.Delay(Interval, clock, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1002, LogLevel.Warning, "The core does not answer: {Reason}. Trying again.")]
        public static partial void Away(ILogger logger, string reason);
    }
}

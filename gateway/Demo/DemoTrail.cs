using System.Collections.Concurrent;
using System.Text.Json;
using KmsGateway.Gateway.Trail;

namespace KmsGateway.Gateway.Demo;

/// <summary>Listens to the instance's trail, so that the demo can print the decision behind each call.</summary>
internal sealed class DemoTrail : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, string> reasons = new(StringComparer.Ordinal);

    /// <summary>Why a call came out as it did, in a few words; taken once.</summary>
    public string TakeReason(string requestId) => reasons.TryRemove(requestId, out var reason) ? reason : string.Empty;

    public ILogger CreateLogger(string categoryName) =>
        categoryName == LogTrail.Category ? new Listener(this) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public void Dispose() => reasons.Clear();

    private void Hear(string line)
    {
        using var happened = JsonDocument.Parse(line);
        var root = happened.RootElement;
        reasons[root.GetProperty("requestId").GetString()!] =
            root.GetProperty("additionalEventData").TryGetProperty("decision", out var decision) ? Describe(decision) : string.Empty;
    }

    private static string Describe(JsonElement decision)
    {
        if (decision.TryGetProperty("reason", out var reason))
        {
            return reason.GetString()!;
        }

        return decision.TryGetProperty("policy", out var policy)
            ? $"Allowed by statement {decision.GetProperty("statement").GetInt32()} of {policy.GetString()}."
            : "Allowed: the account itself, on its own resources.";
    }

    private sealed class Listener(DemoTrail trail) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            trail.Hear(formatter(state, exception));
    }
}

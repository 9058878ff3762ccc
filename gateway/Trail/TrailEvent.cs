using System.Text;

namespace KmsGateway.Gateway.Trail;

/// <summary>One event: the JSON of audit-and-service-keys.md A2, and the few members that a store files it under.</summary>
/// <param name="EventId">Equals the request id.</param>
/// <param name="EventName">API action.</param>
/// <param name="AccountId">The account that owns the trail.</param>
/// <param name="Json">The whole event, UTF-8, one line.</param>
internal sealed record TrailEvent(string EventId, string EventName, string AccountId, ReadOnlyMemory<byte> Json);

/// <summary>
/// Where events go. The events of a call, one for each account that it concerns, are accepted together or not at all, before the answer leaves; a trail that cannot accept them fails the call
/// (503 <c>ServiceUnavailableTemporary</c>) rather than let it run unrecorded. Source: audit-and-service-keys.md A6.
/// </summary>
internal interface ITrail
{
    ValueTask AppendAsync(IReadOnlyList<TrailEvent> events, CancellationToken cancellationToken);
}

/// <summary>The trail as lines of the structured log, until a durable one takes its place.</summary>
internal sealed partial class LogTrail(ILoggerFactory loggers) : ITrail
{
    /// <summary>Category of the lines; configure its level and target by this name.</summary>
    public const string Category = "KmsGateway.Trail";

    private readonly ILogger logger = loggers.CreateLogger(Category);

    public ValueTask AppendAsync(IReadOnlyList<TrailEvent> events, CancellationToken cancellationToken)
    {
        foreach (var each in events)
        {
            LogEvent(logger, new Line(each.Json));
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(EventId = 5000, Level = LogLevel.Information, Message = "{Event}")]
    private static partial void LogEvent(ILogger logger, Line @event);

    /// <summary>UTF-8 that becomes text only when a logger asks for it.</summary>
    internal readonly record struct Line(ReadOnlyMemory<byte> Utf8)
    {
        public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
    }
}

namespace KmsGateway.Core.Http;

/// <summary>What the core says about requests: never a parameter's value, never a token.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Request {RequestId}: the ticket was refused: {Reason}")]
    public static partial void TicketRefused(ILogger logger, string requestId, string reason);

    [LoggerMessage(2, LogLevel.Debug, "Request {RequestId}: {Action} answered {Code}")]
    public static partial void Answered(ILogger logger, string requestId, string action, string code);

    [LoggerMessage(3, LogLevel.Error, "Request {RequestId}: {Action} failed: the database does not serve")]
    public static partial void StoreFailed(ILogger logger, Exception exception, string requestId, string action);

    [LoggerMessage(4, LogLevel.Critical, "Request {RequestId}: {Action} failed: a sealed record does not open; keys.db was altered or root.key is not its own")]
    public static partial void SealBroken(ILogger logger, Exception exception, string requestId, string action);

    [LoggerMessage(5, LogLevel.Error, "Request {RequestId}: {Action} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string requestId, string action);

    [LoggerMessage(7, LogLevel.Warning, "Imports by RSAES_PKCS1_V1_5 are refused here: {Fault}")]
    public static partial void NoPkcs1Import(ILogger logger, string fault);

    [LoggerMessage(6, LogLevel.Error, "Not ready: the database does not serve")]
    public static partial void NotReady(ILogger logger, Exception exception);
}

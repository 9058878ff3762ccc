namespace KmsGateway.Gateway.Ram;

/// <summary>What the identity store tells the operator. Events 400-449.</summary>
internal static partial class RamLog
{
    [LoggerMessage(
        400,
        LogLevel.Error,
        "A policy of {Holder} in account {AccountId} cannot be read by this program ({Policy}); everything this identity asks for is denied.")]
    public static partial void UnreadablePolicy(ILogger logger, string accountId, string holder, string policy);
}

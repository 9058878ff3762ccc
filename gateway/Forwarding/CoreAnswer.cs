namespace KmsGateway.Gateway.Forwarding;

/// <summary>What the core said: status and JSON body, whole. Bodies of the core are small (a page of 100 rows at most).</summary>
/// <param name="Status">200, 409 with fresh descriptors, or the status of the error catalogue.</param>
/// <param name="Body">UTF-8 JSON.</param>
internal sealed record CoreAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status == StatusCodes.Status200OK;
}

/// <summary>The core could not be reached, or answered nothing that it may answer.</summary>
internal class CoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>No connection was made: nothing was sent, so trying again is safe.</summary>
internal sealed class CoreConnectException(string message, Exception? inner = null) : CoreUnavailableException(message, inner);

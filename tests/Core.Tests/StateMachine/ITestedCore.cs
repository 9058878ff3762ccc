using System.Text.Json.Nodes;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>A core whose calls may be lost: its storage fails, or it is killed.</summary>
internal interface ITestedCore
{
    DateTimeOffset Now { get; }

    /// <summary>How far times that it took itself may be from the caller's.</summary>
    TimeSpan Tolerance { get; }

    /// <summary>Whether a lost call can be looked into at once, because the core goes on.</summary>
    bool GoesOn { get; }

    /// <summary>The answer, or the code of the refusal.</summary>
    /// <exception cref="LostCallException">Nobody knows whether it was done.</exception>
    Task<(JsonNode? Answer, string? Error)> CallAsync(string account, string action, JsonObject body, PlannedFault? fault);

    /// <summary>What the database holds, past every cache.</summary>
    IReadOnlyList<T> Rows<T>(string sql, object? arguments = null);
}

/// <summary>A call without an answer.</summary>
internal sealed class LostCallException(string message, Exception inner) : Exception(message, inner);

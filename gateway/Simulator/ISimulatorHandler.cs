using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Simulator;

/// <summary>A request below <c>/policy/</c> whose sender is proven.</summary>
/// <param name="Call">Who, when, from where.</param>
/// <param name="Body">The JSON body; an empty object for GET.</param>
internal sealed record SimulatorRequest(Call Call, InputNode Body)
{
    private const int MaxNoteLength = 2048;

    public Identity Caller => Call.Caller;

    /// <summary>For the trail: names and outcomes, never documents.</summary>
    public void Note(string name, string value) => Call.Noted = Call.Noted.Add(KeyValuePair.Create(name, Quotation.Of(value, MaxNoteLength)));
}

/// <summary>What one endpoint answers; one file each.</summary>
internal interface ISimulatorHandler
{
    /// <summary>The answer. Faults of the body are <see cref="InputException"/>s and <see cref="RefusedDocumentException"/>s.</summary>
    Task<SimulatorAnswer> AnswerAsync(SimulatorRequest request, CancellationToken cancellationToken);
}

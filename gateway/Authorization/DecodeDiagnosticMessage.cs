using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Authorization;

/// <summary>
/// Opens the diagnosis of a denial for callers of the denied one's account. Foreign, damaged and expired messages are one
/// answer. Source: ram-policy.md 10; the error is by analogy, none is published.
/// </summary>
internal sealed class DecodeDiagnosticMessage(GatewayKeys keys) : IActionHandler
{
    private const string Message = "EncodedDiagnosticMessage";

    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DecodeDiagnosticMessage";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var diagnosis = keys.Diagnostics.Open(call.Caller.AccountId, call.Parameters.String(Message))
            ?? throw GatewayErrors.IncorrectFormat(Message).With();
        return Task.FromResult(new JsonObject { ["DecodedDiagnosticMessage"] = JsonNode.Parse(diagnosis) });
    }
}

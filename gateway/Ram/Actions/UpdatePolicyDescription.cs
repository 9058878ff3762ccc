using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Changes the description of a custom policy.</summary>
internal sealed class UpdatePolicyDescription(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "UpdatePolicyDescription";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                PolicyTable.SetDescription(writer, Lookup.CustomPolicy(writer, call).Id, call.Parameters.String("NewDescription"));
                return new JsonObject { ["Policy"] = PolicyAnswer.Full(Lookup.CustomPolicy(writer, call)) };
            },
            cancellationToken);
}

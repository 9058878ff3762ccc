using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Shows one role with its trust policy.</summary>
internal sealed class GetRole(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "GetRole";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var role = store.Database.Read(reader => RoleTable.Get(reader, Lookup.Role(reader, call).Id));
        return Task.FromResult(new JsonObject { ["Role"] = RoleAnswer.Full(role) });
    }
}

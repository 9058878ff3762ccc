using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists the policies attached to a group itself.</summary>
internal sealed class ListPoliciesForGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListPoliciesForGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        PolicyAttachment.ListAsync(store, AttachTarget.Group, call);
}

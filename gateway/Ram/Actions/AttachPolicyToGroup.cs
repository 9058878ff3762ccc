using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Gives a group a policy.</summary>
internal sealed class AttachPolicyToGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "AttachPolicyToGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        PolicyAttachment.AttachAsync(store, AttachTarget.Group, call, cancellationToken);
}

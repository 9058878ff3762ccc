using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Takes a policy from a role; no call that starts after the answer is served under it.</summary>
internal sealed class DetachPolicyFromRole(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DetachPolicyFromRole";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        PolicyAttachment.DetachAsync(store, AttachTarget.Role, call, cancellationToken);
}

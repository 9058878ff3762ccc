using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Gives a user a policy.</summary>
internal sealed class AttachPolicyToUser(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "AttachPolicyToUser";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        PolicyAttachment.AttachAsync(store, AttachTarget.User, call, cancellationToken);
}

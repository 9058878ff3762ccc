using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists the policies attached to a user itself.</summary>
internal sealed class ListPoliciesForUser(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListPoliciesForUser";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        PolicyAttachment.ListAsync(store, AttachTarget.User, call);
}

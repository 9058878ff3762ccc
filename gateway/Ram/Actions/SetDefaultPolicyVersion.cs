using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Makes another version of a custom policy the one that counts.</summary>
internal sealed class SetDefaultPolicyVersion(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "SetDefaultPolicyVersion";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var policy = Lookup.CustomPolicy(writer, call);
                var version = Lookup.PolicyVersion(writer, policy, call);
                if (version.Number != policy.DefaultVersion)
                {
                    PolicyTable.SetDefaultVersion(writer, policy.Id, version.Number);
                }

                return new JsonObject();
            },
            cancellationToken);
}

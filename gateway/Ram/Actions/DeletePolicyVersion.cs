using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Deletes a version of a custom policy that is not the default.</summary>
internal sealed class DeletePolicyVersion(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DeletePolicyVersion";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var policy = Lookup.CustomPolicy(writer, call);
                var version = Lookup.PolicyVersion(writer, policy, call);
                if (version.Number == policy.DefaultVersion)
                {
                    throw GatewayErrors.DeleteConflictPolicyVersionDefault.With();
                }

                PolicyVersionTable.Delete(writer, policy.Id, version.Number);
                return new JsonObject();
            },
            cancellationToken);
}

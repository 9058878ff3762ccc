using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Deletes an access key of a user, active or not.</summary>
internal sealed class DeleteAccessKey(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DeleteAccessKey";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var owner = Lookup.AccessKeyOwner(writer, call);
                var key = AccessKeyTable.FindOf(writer, owner.Id, call.Parameters.String("UserAccessKeyId"))
                    ?? throw GatewayErrors.EntityNotExistUserAccessKey.With();
                AccessKeyTable.Delete(writer, owner.Id, key.Id);
                return new JsonObject();
            },
            cancellationToken);
}

using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Deactivates or activates an access key of a user; the next request feels it.</summary>
internal sealed class UpdateAccessKey(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "UpdateAccessKey";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var isActive = AccessKeyStatus.Parse(call.Parameters.String("Status"));
        return store.Database.WriteAsync(
            writer =>
            {
                var owner = Lookup.AccessKeyOwner(writer, call);
                var key = AccessKeyTable.FindOf(writer, owner.Id, call.Parameters.String("UserAccessKeyId"))
                    ?? throw GatewayErrors.EntityNotExistUserAccessKey.With();
                if (key.IsActive != 0 != isActive)
                {
                    AccessKeyTable.SetActive(writer, owner.Id, key.Id, isActive);
                }

                return new JsonObject();
            },
            cancellationToken);
    }
}

using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Changes a group; what is not given stays. A new name keeps id, members and attachments.</summary>
internal sealed class UpdateGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "UpdateGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var group = Lookup.Group(writer, call);
                var name = call.Parameters.OptionalString("NewGroupName") ?? group.Name;
                if (IdentityTable.IsTaken(writer, group.AccountId, IdentityKind.Group, name, exceptId: group.Id))
                {
                    throw GatewayErrors.EntityAlreadyExistsGroup.With();
                }

                IdentityTable.Update(writer, group, name, call.Parameters.OptionalString("NewComments") ?? group.Comments);
                var updated = IdentityTable.FindById(writer, group.AccountId, IdentityKind.Group, group.Id)!;
                return new JsonObject { ["Group"] = GroupAnswer.Full(updated) };
            },
            cancellationToken);
}

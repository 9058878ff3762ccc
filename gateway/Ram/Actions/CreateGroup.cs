using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Makes an empty group.</summary>
internal sealed class CreateGroup(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "CreateGroup";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var account = call.Caller.AccountId;
                var name = call.Parameters.String("GroupName");
                if (IdentityTable.IsTaken(writer, account, IdentityKind.Group, name))
                {
                    throw GatewayErrors.EntityAlreadyExistsGroup.With();
                }

                if (IdentityTable.Count(writer, account, IdentityKind.Group) >= store.Quotas.Groups)
                {
                    throw GatewayErrors.LimitExceededGroup.With();
                }

                var comments = call.Parameters.OptionalString("Comments") ?? string.Empty;
                IdentityTable.Insert(writer, call.Given?.Id ?? EntityId.NewGroup(), account, IdentityKind.Group, name, comments);
                return new JsonObject { ["Group"] = GroupAnswer.Created(Lookup.Group(writer, call)) };
            },
            cancellationToken);
}

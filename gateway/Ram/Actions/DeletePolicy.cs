using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Deletes a custom policy that nobody holds; CascadingDelete takes its other versions with it, never attachments.</summary>
internal sealed class DeletePolicy(RamStore store) : IActionHandler
{
    private static readonly (string Kind, KmsError Conflict)[] Conflicts =
    [
        (IdentityKind.User, GatewayErrors.DeleteConflictPolicyUser),
        (IdentityKind.Group, GatewayErrors.DeleteConflictPolicyGroup),
        (IdentityKind.Role, GatewayErrors.DeleteConflictPolicyRole),
    ];

    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "DeletePolicy";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(
            writer =>
            {
                var policy = Lookup.CustomPolicy(writer, call);
                foreach (var (kind, conflict) in Conflicts)
                {
                    if (AttachmentTable.HasHolderOfKind(writer, policy.Id, kind))
                    {
                        throw conflict.With();
                    }
                }

                if (call.Parameters.Boolean("CascadingDelete") != true && PolicyVersionTable.Count(writer, policy.Id) > 1)
                {
                    throw GatewayErrors.DeleteConflictPolicyVersion.With();
                }

                PolicyTable.Delete(writer, policy.Id);
                return new JsonObject();
            },
            cancellationToken);
}

using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Makes a custom policy whose version v1 is the default.</summary>
internal sealed class CreatePolicy(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "CreatePolicy";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var document = call.Parameters.String("PolicyDocument");
        DocumentCheck.Identity(document, store.Quotas);
        var tags = TagList.Read(call.Parameters, store.Quotas);
        return store.Database.WriteAsync(
            writer =>
            {
                var account = call.Caller.AccountId;
                var name = call.Parameters.String("PolicyName");
                if (PolicyTable.IsTaken(writer, account, name) || IsSystemName(name))
                {
                    throw GatewayErrors.EntityAlreadyExistsPolicy.With();
                }

                if (PolicyTable.Count(writer, account) >= store.Quotas.CustomPolicies)
                {
                    throw GatewayErrors.LimitExceededPolicy.With();
                }

                var id = call.Given?.Id ?? EntityId.NewPolicy();
                PolicyTable.Insert(writer, id, account, name, call.Parameters.OptionalString("Description") ?? string.Empty);
                PolicyVersionTable.Insert(writer, id, 1, document);
                TagTable.AddToPolicy(writer, id, tags);
                return new JsonObject { ["Policy"] = PolicyAnswer.Created(PolicyTable.Find(writer, account, name)!) };
            },
            cancellationToken);
    }
    // Why: what is attached is told apart by type and name; a custom AdministratorAccess would deceive whoever reads the name alone.
    private static bool IsSystemName(string name) =>
        SystemPolicies.All.Any(policy => string.Equals(policy.Name, name, StringComparison.OrdinalIgnoreCase));
}

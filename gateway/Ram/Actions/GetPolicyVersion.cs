using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Shows one version of a policy.</summary>
internal sealed class GetPolicyVersion(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "GetPolicyVersion";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        Task.FromResult(store.Database.Read(reader => Show(reader, call)));

    private static JsonObject Show(RamReader reader, GatewayActionCall call)
    {
        var number = PolicyVersionId.Parse(call.Parameters.String("VersionId"));
        var reference = PolicyReference.Find(reader, call);
        if (reference.Custom is { } custom)
        {
            return new JsonObject { ["PolicyVersion"] = PolicyAnswer.Version(Lookup.PolicyVersion(reader, custom, call), custom.DefaultVersion) };
        }

        var system = reference.System!;
        return PolicyVersionId.Parse(system.Version) == number
            ? new JsonObject { ["PolicyVersion"] = PolicyAnswer.Version(system, AccountTable.Find(reader, call.Caller.AccountId)!.CreatedAt) }
            : throw GatewayErrors.EntityNotExistPolicyVersion.With();
    }
}

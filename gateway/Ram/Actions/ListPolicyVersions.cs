using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists the versions of a policy, oldest first.</summary>
internal sealed class ListPolicyVersions(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListPolicyVersions";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        Task.FromResult(store.Database.Read(reader => List(reader, call)));

    private static JsonObject List(RamReader reader, GatewayActionCall call)
    {
        var reference = PolicyReference.Find(reader, call);
        IEnumerable<JsonObject> versions = reference.Custom is { } custom
            ? PolicyVersionTable.ListOf(reader, custom.Id).Select(version => PolicyAnswer.Version(version, custom.DefaultVersion))
            : [PolicyAnswer.Version(reference.System!, AccountTable.Find(reader, call.Caller.AccountId)!.CreatedAt)];
        return new JsonObject { ["PolicyVersions"] = new JsonObject { ["PolicyVersion"] = new JsonArray([.. versions]) } };
    }
}

using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Lists the access keys of a user, never their secrets.</summary>
internal sealed class ListAccessKeys(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "ListAccessKeys";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var keys = store.Database.Read(reader => AccessKeyTable.ListOf(reader, Lookup.AccessKeyOwner(reader, call).Id));
        return Task.FromResult(new JsonObject
        {
            ["AccessKeys"] = new JsonObject { ["AccessKey"] = new JsonArray([.. keys.Select(Answer)]) },
        });
    }

    private static JsonObject Answer(AccessKeyRecord key) => new()
    {
        ["AccessKeyId"] = key.Id,
        ["Status"] = AccessKeyStatus.Text(key.IsActive != 0),
        ["CreateDate"] = RamApi.Time(key.CreatedAt),
    };
}

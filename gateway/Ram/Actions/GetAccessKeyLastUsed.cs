using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>When an access key of a user signed its last accepted request; no date when it never did.</summary>
internal sealed class GetAccessKeyLastUsed(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "GetAccessKeyLastUsed";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var use = store.Database.Read(reader => Find(reader, call));
        return Task.FromResult(new JsonObject
        {
            ["AccessKeyLastUsed"] = use is null ? [] : new JsonObject { ["LastUsedDate"] = RamApi.Time(use.UsedAt), ["ServiceName"] = use.Service },
        });
    }

    private AccessKeyUse? Find(RamReader reader, GatewayActionCall call)
    {
        var owner = Lookup.AccessKeyOwner(reader, call);
        var key = AccessKeyTable.FindOf(reader, owner.Id, call.Parameters.String("UserAccessKeyId"))
            ?? throw GatewayErrors.EntityNotExistUserAccessKey.With();
        return store.Usage.Find(reader, key.Id);
    }
}

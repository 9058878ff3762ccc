using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Makes an access key for a user; the only answer that ever holds its secret.</summary>
internal sealed class CreateAccessKey(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "CreateAccessKey";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        store.Database.WriteAsync(writer => Create(writer, call), cancellationToken);

    private static GeneratedAccessKey Key(GatewayActionCall call) => call.Given is { AccessKeyId: { } id, AccessKeySecret: { } secret }
        ? new GeneratedAccessKey(id, new SecretBuffer(secret))
        : GeneratedAccessKey.Create();

    private JsonObject Create(RamWriter writer, GatewayActionCall call)
    {
        var owner = Lookup.AccessKeyOwner(writer, call);
        if (AccessKeyTable.ListOf(writer, owner.Id).Count >= store.Quotas.AccessKeysPerUser)
        {
            throw GatewayErrors.LimitExceededUserAccessKey.With();
        }

        using var key = Key(call);
        var sealedSecret = store.Sealer.Seal(key.Secret.ExposeBytes(), SealedName.AccessKey(key.Id, owner.Id));
        AccessKeyTable.Insert(writer, key.Id, owner.Id, AccountTable.DataKey(writer)!.Id, sealedSecret);
        return new JsonObject
        {
            ["AccessKey"] = new JsonObject
            {
                ["AccessKeyId"] = key.Id,
                ["AccessKeySecret"] = Encoding.UTF8.GetString(key.Secret.ExposeBytes()),
                ["Status"] = AccessKeyStatus.Active,
                ["CreateDate"] = RamApi.Time(writer.Now),
            },
        };
    }
}

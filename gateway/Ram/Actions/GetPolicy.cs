using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Shows one policy with its default version.</summary>
internal sealed class GetPolicy(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "GetPolicy";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken) =>
        Task.FromResult(store.Database.Read(reader => Show(reader, call)));

    private static JsonObject Show(RamReader reader, GatewayActionCall call)
    {
        var reference = PolicyReference.Find(reader, call);
        var (policy, version) = reference.System is { } system ? ShowSystem(reader, call, system) : ShowCustom(reader, reference.Custom!);
        policy["AttachmentCount"] = AttachmentTable.CountHolders(reader, call.Caller.AccountId, reference.PolicyId, reference.SystemName);
        policy["PolicyDocument"] = version["PolicyDocument"]!.DeepClone();
        return new JsonObject { ["Policy"] = policy, ["DefaultPolicyVersion"] = version };
    }

    private static (JsonObject Policy, JsonObject Version) ShowSystem(RamReader reader, GatewayActionCall call, SystemPolicy system)
    {
        var since = AccountTable.Find(reader, call.Caller.AccountId)!.CreatedAt;
        return (PolicyAnswer.Full(system, since), PolicyAnswer.Version(system, since));
    }

    private static (JsonObject Policy, JsonObject Version) ShowCustom(RamReader reader, PolicyRecord custom)
    {
        var version = PolicyVersionTable.Find(reader, custom.Id, custom.DefaultVersion)!;
        return (PolicyAnswer.Full(custom), PolicyAnswer.Version(version, custom.DefaultVersion));
    }
}

using System.Text.Json.Nodes;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram.Actions;

/// <summary>Adds a version to a custom policy; SetAsDefault makes it count at once.</summary>
internal sealed class CreatePolicyVersion(RamStore store) : IActionHandler
{
    /// <inheritdoc />
    public string Version => RamApi.Version;

    /// <inheritdoc />
    public string Action => "CreatePolicyVersion";

    /// <inheritdoc />
    public Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken)
    {
        var document = call.Parameters.String("PolicyDocument");
        DocumentCheck.Identity(document, store.Quotas);
        var isDefault = call.Parameters.Boolean("SetAsDefault") == true;
        var rotates = Rotates(call.Parameters.OptionalString("RotateStrategy"));
        return store.Database.WriteAsync(
            writer =>
            {
                var policy = Lookup.CustomPolicy(writer, call);
                MakeRoom(writer, policy, rotates);
                var number = PolicyVersionTable.NextNumber(writer, policy.Id);
                PolicyVersionTable.Insert(writer, policy.Id, number, document);
                if (isDefault)
                {
                    PolicyTable.SetDefaultVersion(writer, policy.Id, number);
                }

                var created = PolicyVersionTable.Find(writer, policy.Id, number)!;
                return new JsonObject { ["PolicyVersion"] = PolicyAnswer.Version(created, isDefault ? number : policy.DefaultVersion) };
            },
            cancellationToken);
    }

    private static bool Rotates(string? strategy) => strategy switch
    {
        null or "None" => false,
        "DeleteOldestNonDefaultVersionWhenLimitExceeded" => true,
        _ => throw GatewayErrors.InvalidParameter.With("RotateStrategy"),
    };

    private void MakeRoom(RamWriter writer, PolicyRecord policy, bool rotates)
    {
        var versions = PolicyVersionTable.ListOf(writer, policy.Id);
        var tooMany = versions.Count + 1 - store.Quotas.PolicyVersions;
        if (tooMany <= 0)
        {
            return;
        }

        var oldest = versions.Where(version => version.Number != policy.DefaultVersion).Take(tooMany).ToList();
        if (!rotates || oldest.Count < tooMany)
        {
            throw GatewayErrors.LimitExceededPolicyVersion.With();
        }

        foreach (var version in oldest)
        {
            PolicyVersionTable.Delete(writer, policy.Id, version.Number);
        }
    }
}

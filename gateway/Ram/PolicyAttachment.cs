using System.Text.Json.Nodes;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Ram;

/// <summary>Attach, detach and list, the same for users, groups and roles.</summary>
internal static class PolicyAttachment
{
    public static Task<JsonObject> AttachAsync(RamStore store, AttachTarget target, GatewayActionCall call, CancellationToken cancellationToken)
    {
        RefuseResourceGroup(call.Parameters);
        return store.Database.WriteAsync(
            writer =>
            {
                var identity = Lookup.Identity(writer, call, target.Kind, target.Parameter, target.NotExist);
                var policy = PolicyReference.Find(writer, call);
                var held = AttachmentTable.ListOf(writer, identity.Id);
                if (held.Any(one => one.PolicyId == policy.PolicyId && string.Equals(one.SystemPolicy, policy.SystemName, StringComparison.Ordinal)))
                {
                    throw target.AlreadyAttached.With();
                }

                var isSystem = policy.System is not null;
                var limit = isSystem ? target.MostSystem(store.Quotas) : target.MostCustom(store.Quotas);
                if (held.Count(one => one.SystemPolicy is not null == isSystem) >= limit)
                {
                    throw target.TooMany.With();
                }

                AttachmentTable.Insert(writer, identity.Id, policy.PolicyId, policy.SystemName);
                return new JsonObject();
            },
            cancellationToken);
    }

    public static Task<JsonObject> DetachAsync(RamStore store, AttachTarget target, GatewayActionCall call, CancellationToken cancellationToken)
    {
        RefuseResourceGroup(call.Parameters);
        return store.Database.WriteAsync(
            writer =>
            {
                var identity = Lookup.Identity(writer, call, target.Kind, target.Parameter, target.NotExist);
                var policy = PolicyReference.Find(writer, call);
                return AttachmentTable.Delete(writer, identity.Id, policy.PolicyId, policy.SystemName)
                    ? new JsonObject()
                    : throw target.NotAttached.With();
            },
            cancellationToken);
    }

    /// <summary>Direct attachments only.</summary>
    public static Task<JsonObject> ListAsync(RamStore store, AttachTarget target, GatewayActionCall call)
    {
        var held = store.Database.Read(reader =>
            AttachmentTable.ListOf(reader, Lookup.Identity(reader, call, target.Kind, target.Parameter, target.NotExist).Id));
        return Task.FromResult(new JsonObject
        {
            ["Policies"] = new JsonObject
            {
                ["Policy"] = new JsonArray([.. held.Select(PolicyAnswer.Attached)]),
            },
        });
    }

    // Why refused and not ignored: there are no resource groups here, and without its scope the grant would be wider than asked for.
    private static void RefuseResourceGroup(ActionParameters parameters)
    {
        if (!string.IsNullOrEmpty(parameters.OptionalString("ResourceGroupId")))
        {
            throw GatewayErrors.InvalidParameter.With("ResourceGroupId");
        }
    }
}

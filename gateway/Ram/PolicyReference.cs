using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Ram;

/// <summary>The policy that <c>PolicyType</c> and <c>PolicyName</c> name: exactly one of the two is set.</summary>
internal sealed record PolicyReference(PolicyRecord? Custom, SystemPolicy? System)
{
    /// <summary>Id of a custom policy.</summary>
    public long? PolicyId => Custom?.Id;

    /// <summary>Name of a system policy.</summary>
    public string? SystemName => System?.Name;

    /// <summary>The policy, InvalidParameter.PolicyType or EntityNotExist.Policy.</summary>
    public static PolicyReference Find(RamReader reader, GatewayActionCall call) =>
        Type(call.Parameters.String("PolicyType")) == PolicyType.System
            ? new PolicyReference(null, SystemPolicies.Find(call.Parameters.String("PolicyName")) ?? throw GatewayErrors.EntityNotExistPolicy.With())
            : new PolicyReference(Lookup.CustomPolicy(reader, call), null);

    /// <summary>One of the two types, or InvalidParameter.PolicyType.</summary>
    public static string Type(string text) => text switch
    {
        PolicyType.System => PolicyType.System,
        PolicyType.Custom => PolicyType.Custom,
        _ => throw GatewayErrors.InvalidPolicyType.With(),
    };
}

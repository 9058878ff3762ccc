using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Rendering;

/// <summary>The gateway's half of the error catalogue: wire, signatures, RAM, STS. Sources: signing.md 7, ram-sts-api.md.</summary>
internal static partial class GatewayErrors
{
    /// <summary>RAM and STS refusal.</summary>
    public static readonly KmsError NoPermission =
        new("NoPermission", 403, "You are not authorized to do this action. You should be authorized by RAM.", "ram-policy.md 10");
}

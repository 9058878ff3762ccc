using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>From what went wrong to the entry of the catalogue that the caller reads; null for what is not to be explained.</summary>
internal static class Refusals
{
    public static KmsException? ToRefusal(Call call, Exception fault) => fault switch
    {
        KmsException refusal => refusal,
        CoreUnavailableException => Unavailable(call.Action),
        _ => null,
    };

    /// <summary>The core or the trail is away; KMS has a code of its own once Version says KMS (decisions.md D9).</summary>
    public static KmsException Unavailable(ActionDescriptor? action) =>
        (action?.Product == Product.Kms ? KmsErrors.ServiceUnavailableTemporary : GatewayErrors.ServiceUnavailable).With();

    /// <summary>The code a caller reads when something unforeseen happened.</summary>
    public static string InternalCode(ActionDescriptor? action) =>
        (action?.Product == Product.Kms ? KmsErrors.InternalFailure : GatewayErrors.InternalError).Code;
}

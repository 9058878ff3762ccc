using System.Text.Json.Nodes;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>A call that is authenticated, authorized and validated, and is answered by the gateway itself (RAM, STS).</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Parameters">Validated parameters.</param>
internal sealed record GatewayActionCall(Identity Caller, ActionParameters Parameters)
{
    /// <summary>The condition keys that the call was authorized with.</summary>
    public ConditionContext Context { get; init; } = ConditionContext.Empty;
}

/// <summary>One RAM or STS action; one file, named after it.</summary>
internal interface IActionHandler
{
    /// <summary>API version, <c>2015-05-01</c>.</summary>
    string Version { get; }

    /// <summary>API name, <c>CreateUser</c>.</summary>
    string Action { get; }

    /// <summary>
    /// The members of the answer, without RequestId. Refusals are <see cref="Core.Contract.KmsException"/>s of
    /// <see cref="Rendering.GatewayErrors"/>.
    /// </summary>
    Task<JsonObject> HandleAsync(GatewayActionCall call, CancellationToken cancellationToken);
}

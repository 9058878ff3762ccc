using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// Carries the request to the handler that ASP.NET Core calls, and its outcome back: its own results know neither code nor
/// account.
/// </summary>
internal sealed class AuthenticationExchange(RpcRequest request, CancellationToken cancellationToken)
{
    public RpcRequest Request { get; } = request;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public AuthenticationOutcome? Outcome { get; set; }
}

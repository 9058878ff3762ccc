using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>Refuses paths and methods that nothing serves, after routing and before anything else (decisions.md D8).</summary>
internal sealed class UnknownPath(RequestDelegate next, IErrorResponse errors)
{
    public Task InvokeAsync(HttpContext context) => context.GetEndpoint() switch
    {
        null => errors.WriteAsync(context, GatewayErrors.PathNotFound),
        { DisplayName: MethodNotAllowed } => errors.WriteAsync(context, GatewayErrors.MethodNotAllowed),
        _ => next(context),
    };

    /// <summary>The name of the endpoint that routing makes up when the path is known and the method is not.</summary>
    private const string MethodNotAllowed = "405 HTTP Method Not Supported";
}

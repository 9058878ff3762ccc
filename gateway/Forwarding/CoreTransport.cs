using System.Net.Mime;
using Polly;
using Polly.CircuitBreaker;
using Yarp.ReverseProxy.Forwarder;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>
/// One exchange with the core, through YARP's forwarder and the resilience around it. Connection faults are retried, since
/// nothing was sent; whatever was sent is not sent twice.
/// </summary>
internal sealed class CoreTransport(IHttpForwarder forwarder, ICoreDestination destination, CoreResilience resilience)
{
    private static readonly ForwarderRequestConfig Settings = new() { ActivityTimeout = TimeSpan.FromSeconds(30) };

    /// <summary>Posts <paramref name="body"/> to <paramref name="path"/> with a ticket.</summary>
    /// <exception cref="CoreUnavailableException">No healthy core, or the exchange broke.</exception>
    public async ValueTask<CoreAnswer> SendAsync(
        string path, ReadOnlyMemory<byte> body, string token, string requestId, CancellationToken cancellationToken)
    {
        var exchange = new Exchange(this, path, body, token, requestId);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        var outcome = await resilience.Pipeline.ExecuteOutcomeAsync(
            static (context, exchange) => exchange.Transport.TryOnceAsync(exchange, context.CancellationToken), context, exchange);
        ResilienceContextPool.Shared.Return(context);
        if (outcome.Exception is BrokenCircuitException broken)
        {
            throw new CoreUnavailableException("the core is away; not tried", broken);
        }

        outcome.ThrowIfException();
        return outcome.Result!;
    }

    private async ValueTask<Outcome<CoreAnswer>> TryOnceAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        if (!destination.TryChoose(out var prefix, out var client))
        {
            return Outcome.FromException<CoreAnswer>(new CoreUnavailableException("no healthy core"));
        }

        var context = InnerContext(exchange.Body, cancellationToken);
        var transformer = new CoreRequestTransformer(exchange.Path, exchange.Token, exchange.RequestId);
        var error = await forwarder.SendAsync(context, prefix, client, Settings, transformer, cancellationToken);
        if (error != ForwarderError.None || transformer.Answer is null)
        {
            var cause = context.GetForwarderErrorFeature()?.Exception;
            cancellationToken.ThrowIfCancellationRequested();
            return Outcome.FromException<CoreAnswer>(CoreFault.From(error, cause));
        }

        return transformer.Answer.Status switch
        {
            StatusCodes.Status401Unauthorized or >= StatusCodes.Status500InternalServerError when !IsCatalogued(transformer.Answer) =>
                Outcome.FromException<CoreAnswer>(new CoreUnavailableException($"the core answered {transformer.Answer.Status}")),
            _ => Outcome.FromResult(transformer.Answer),
        };
    }

    private static bool IsCatalogued(CoreAnswer answer) => answer.Body.Span.IndexOf("\"Code\""u8) >= 0;

    /// <summary>The request as YARP is to see it: never the caller's own.</summary>
    private static DefaultHttpContext InnerContext(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var context = new DefaultHttpContext { RequestAborted = cancellationToken };
        context.Request.Method = HttpMethods.Post;
        context.Request.Protocol = HttpProtocol.Http11;
        context.Request.ContentType = MediaTypeNames.Application.Json;
        context.Request.ContentLength = body.Length;
        context.Request.Body = new ReadOnlyMemoryStream(body);
        return context;
    }

    private sealed record Exchange(CoreTransport Transport, string Path, ReadOnlyMemory<byte> Body, string Token, string RequestId);
}

/// <summary>The forwarder's error as an exception that says whether anything had been sent.</summary>
internal static class CoreFault
{
    public static CoreUnavailableException From(ForwarderError error, Exception? cause) =>
        cause is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
            ? new CoreConnectException($"no connection to the core ({error})", cause)
            : new CoreUnavailableException($"the exchange with the core broke ({error})", cause);
}

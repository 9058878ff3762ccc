using System.Net;

namespace KmsGateway.Core.Embedded;

/// <summary>Turns an outgoing request into an incoming one, and the answer back.</summary>
internal sealed class EmbeddedHandler(EmbeddedServer server) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = new PooledBytes();
        if (request.Content is { } content)
        {
            await content.CopyToAsync(body.AsStream(), cancellationToken);
        }

        var exchange = new EmbeddedExchange(request, body, cancellationToken);
        try
        {
            await server.ProcessAsync(exchange.Features);
            await exchange.CompleteAsync();
            return ToMessage(exchange, request);
        }
        catch
        {
            exchange.Answer.Dispose();
            throw;
        }
    }

    private static HttpResponseMessage ToMessage(EmbeddedExchange exchange, HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((HttpStatusCode)exchange.StatusCode)
        {
            RequestMessage = request,
            Version = request.Version,
            Content = new PooledContent(exchange.Answer),
        };
        foreach (var (name, values) in exchange.Headers)
        {
            string?[] texts = [.. values];
            if (!message.Headers.TryAddWithoutValidation(name, texts))
            {
                _ = message.Content.Headers.TryAddWithoutValidation(name, texts);
            }
        }

        return message;
    }
}

using System.Net.Http.Headers;
using KmsGateway.Core.Contract;
using Yarp.ReverseProxy.Forwarder;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>
/// What YARP sends to the core and takes back. Nothing of the caller's request travels: the forwarded request is made from
/// the validated parameters, and its only identity is the ticket. Source: decisions.md D1, threats.md 3, 6.
/// </summary>
internal sealed class CoreRequestTransformer(string path, string token, string requestId) : HttpTransformer
{
    private const int MaxBodyBytes = 4 * 1024 * 1024;

    /// <summary>The answer, once YARP has returned without an error.</summary>
    public CoreAnswer? Answer { get; private set; }

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(destinationPrefix, path, QueryString.Empty);
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        proxyRequest.Headers.TryAddWithoutValidation(InternalRoutes.RequestIdHeader, requestId);
        proxyRequest.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        proxyRequest.Content.Headers.ContentLength = httpContext.Request.ContentLength;
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null)
        {
            if (proxyResponse.Content.Headers.ContentLength > MaxBodyBytes)
            {
                throw new CoreUnavailableException("the core's answer is longer than any answer it has");
            }

            await proxyResponse.Content.LoadIntoBufferAsync(MaxBodyBytes, cancellationToken);
            var body = await proxyResponse.Content.ReadAsByteArrayAsync(cancellationToken);
            Answer = new CoreAnswer((int)proxyResponse.StatusCode, body);
        }

        // Why: the answer is rendered after the trail has it, so nothing is copied to a response here.
        return false;
    }
}

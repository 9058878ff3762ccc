using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace KmsGateway.Core.Embedded;

/// <summary>One request and its answer, as the features a server gives to the application.</summary>
internal sealed class EmbeddedExchange : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestBodyDetectionFeature, IHttpRequestLifetimeFeature
{
    private readonly PooledWriter writer;
    private readonly bool hasBody;
    private readonly CancellationTokenSource aborted;
    private Stack<(Func<object, Task> Callback, object State)>? starting;
    private Stack<(Func<object, Task> Callback, object State)>? completed;

    public EmbeddedExchange(HttpRequestMessage request, PooledBytes body, CancellationToken cancellationToken)
    {
        writer = new PooledWriter(Answer);
        hasBody = body.Length > 0;
        aborted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        RequestAborted = aborted.Token;
        Features.Set<IHttpRequestFeature>(RequestOf(request, body));
        Features.Set<IHttpResponseFeature>(this);
        Features.Set<IHttpResponseBodyFeature>(this);
        Features.Set<IHttpRequestBodyDetectionFeature>(this);
        Features.Set<IHttpRequestLifetimeFeature>(this);
    }

    public FeatureCollection Features { get; } = new(8);

    public PooledBytes Answer { get; } = new();

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    /// <summary>Wanted by the older interface; everything is written through <see cref="Writer"/>.</summary>
    Stream IHttpResponseFeature.Body { get; set; } = Stream.Null;

    public bool HasStarted { get; private set; }

    public bool CanHaveBody => hasBody;

    public CancellationToken RequestAborted { get; set; }

    public Stream Stream => writer.AsStream();

    public PipeWriter Writer => writer;

    public void OnStarting(Func<object, Task> callback, object state) => (starting ??= []).Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state) => (completed ??= []).Push((callback, state));

    public void DisableBuffering()
    {
        // Why: the answer is whole before it is handed over; there is nothing to disable.
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (HasStarted)
        {
            return;
        }

        HasStarted = true;
        await RunAsync(starting);
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken);
        await SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);
    }

    public async Task CompleteAsync()
    {
        await StartAsync(CancellationToken.None);
        await RunAsync(completed);
        aborted.Dispose();
    }

    public void Abort() => aborted.Cancel();

    private static async Task RunAsync(Stack<(Func<object, Task> Callback, object State)>? callbacks)
    {
        while (callbacks is not null && callbacks.TryPop(out var next))
        {
            await next.Callback(next.State);
        }
    }

    private static HttpRequestFeature RequestOf(HttpRequestMessage request, PooledBytes body)
    {
        var uri = request.RequestUri ?? throw new ArgumentException("The request has no address.", nameof(request));
        var feature = new HttpRequestFeature
        {
            Protocol = HttpProtocol.Http11,
            Method = request.Method.Method,
            Scheme = uri.Scheme,
            Path = Uri.UnescapeDataString(uri.AbsolutePath),
            QueryString = uri.Query,
            RawTarget = uri.PathAndQuery,
            Body = body.AsReadOnlyStream(),
        };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            feature.Headers.Append(name, values.ToString());
        }

        if (request.Content is { } content)
        {
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                feature.Headers.Append(name, values.ToString());
            }
        }

        feature.Headers.ContentLength = body.Length;
        feature.Headers.Host = uri.Authority;
        return feature;
    }
}

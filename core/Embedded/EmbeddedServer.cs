using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace KmsGateway.Core.Embedded;

/// <summary>A server without a socket: hands the requests of a message handler to the application.</summary>
internal sealed class EmbeddedServer : IServer
{
    private Func<IFeatureCollection, Task>? process;

    public EmbeddedServer() => Handler = new EmbeddedHandler(this);

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public EmbeddedHandler Handler { get; }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        process = features => ProcessAsync(application, features);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        process = null;
        return Task.CompletedTask;
    }

    public void Dispose() => Handler.Dispose();

    public Task ProcessAsync(IFeatureCollection features) =>
        (process ?? throw new HttpRequestException("The embedded core is not running."))(features);

    private static async Task ProcessAsync<TContext>(IHttpApplication<TContext> application, IFeatureCollection features)
        where TContext : notnull
    {
        var context = application.CreateContext(features);
        try
        {
            await application.ProcessRequestAsync(context);
        }
        catch (Exception exception)
        {
            application.DisposeContext(context, exception);
            throw;
        }

        application.DisposeContext(context, null);
    }
}

using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>A part whose steps a test fills in; by default <c>/</c> answers <c>{}</c>.</summary>
internal sealed class TestModule : IGatewayModule
{
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    public Func<IServiceProvider, CancellationToken, Task> Start { get; init; } = (_, _) => Task.CompletedTask;

    public RequestDelegate Answer { get; init; } = context => context.Response.WriteAsync("{}", context.RequestAborted);

    public void AddServices(IServiceCollection services, GatewayOptions options, DataDirectory data) => Services(services);

    public Task StartAsync(IServiceProvider services, CancellationToken cancellationToken) => Start(services, cancellationToken);

    public void Map(WebApplication app) => app.Map("/", Answer);
}

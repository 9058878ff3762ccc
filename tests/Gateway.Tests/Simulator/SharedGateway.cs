using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>One service for the tests of a class, each of which makes its own users and keys.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    internal ApiGateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await ApiGateway.StartAsync("--Kms:Quotas:GroupsPerAccount=200");

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}

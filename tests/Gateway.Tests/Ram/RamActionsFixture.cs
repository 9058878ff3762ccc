using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

/// <summary>A fresh store for each test.</summary>
public abstract class RamActionsFixture : IAsyncLifetime
{
    private protected RamTestStore Ram { get; private set; } = null!;

    public async Task InitializeAsync() => Ram = await RamTestStore.CreateAsync();

    public Task DisposeAsync()
    {
        Ram.Dispose();
        return Task.CompletedTask;
    }
}

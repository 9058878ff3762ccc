using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.KeyPairs;

namespace KmsGateway.Core.Tests.Crypto;

public sealed class PairGenerationTests
{
    [Fact]
    public async Task Run_AtTheLimit_WaitsAndOneMoreIsRefused()
    {
        using var generation = new PairGeneration();
        using var gate = new ManualResetEventSlim();
        var (running, most) = (0, 0);
        var waiting = Enumerable.Range(0, PairGeneration.MostAtOnce).Select(_ => generation.RunAsync(() =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            gate.Wait();
            return Interlocked.Decrement(ref running);
        })).ToArray();

        var refusal = await Assert.ThrowsAsync<KmsException>(() => generation.RunAsync(() => 0));
        gate.Set();
        _ = await Task.WhenAll(waiting);

        Assert.Equal(KmsErrors.ServiceUnavailableTemporary, refusal.Error);
        Assert.InRange(most, 1, Math.Max(1, Environment.ProcessorCount / 2));
        Assert.Equal(7, await generation.RunAsync(() => 7));
    }

    [Fact]
    public async Task Run_ThatThrows_GivesItsPlaceBack()
    {
        using var generation = new PairGeneration();
        for (var round = 0; round < 2 * PairGeneration.MostAtOnce; round++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => generation.RunAsync<int>(() => throw new InvalidOperationException("no key")));
        }

        Assert.Equal(1, await generation.RunAsync(() => 1));
    }
}

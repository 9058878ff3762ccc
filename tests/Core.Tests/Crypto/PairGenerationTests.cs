using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>Few wait for RSA, no account keeps the others out, and what takes no time never waits.</summary>
public sealed class PairGenerationTests : IDisposable
{
    private static readonly KeySpec Rsa = KeySpec.All["RSA_3072"];

    private readonly PairGeneration generation = new();
    private readonly ManualResetEventSlim gate = new();
    private readonly List<Task<bool>> busy = [];

    [Fact]
    public async Task Run_OneMoreThanAnAccountMay_IsRefusedAndAnotherAccountIsServed()
    {
        Occupy("a", PairGeneration.MostOfAnAccount);

        await RequireRefusalAsync("a");
        Occupy("b", 1);
        await FinishAsync();
        Assert.Equal(1, await generation.RunAsync("a", Rsa, () => 1));
    }

    [Fact]
    public async Task Run_OneMoreThanAllMay_IsRefused()
    {
        foreach (var account in (string[])["a", "b", "c", "d"])
        {
            Occupy(account, PairGeneration.MostAtOnce / 4);
        }

        await RequireRefusalAsync("e");
        await FinishAsync();
        Assert.Equal(1, await generation.RunAsync("e", Rsa, () => 1));
    }

    [Theory]
    [InlineData("EC_P256")]
    [InlineData("EC_P256K")]
    [InlineData("EC_SM2")]
    public async Task Run_OfACurve_TakesNoPlace(string spec)
    {
        Occupy("a", PairGeneration.MostOfAnAccount);

        var made = generation.RunAsync("a", KeySpec.All[spec], () => 1);

        Assert.True(made.IsCompleted);
        Assert.Equal(1, await made);
        await FinishAsync();
    }

    [Fact]
    public async Task Run_ThatFails_GivesItsPlaceBack()
    {
        for (var call = 0; call <= PairGeneration.MostAtOnce; call++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => generation.RunAsync<int>("a", Rsa, () => throw new InvalidOperationException("no randomness")));
        }
    }

    public void Dispose()
    {
        gate.Set();
        Task.WaitAll([.. busy]);
        generation.Dispose();
        gate.Dispose();
    }

    private void Occupy(string account, int callers)
    {
        for (var caller = 0; caller < callers; caller++)
        {
            busy.Add(generation.RunAsync(account, Rsa, () => gate.Wait(Timeout.Infinite, CancellationToken.None)));
        }
    }

    private async Task RequireRefusalAsync(string account)
    {
        var refusal = await Assert.ThrowsAsync<KmsException>(() => generation.RunAsync(account, Rsa, () => 1));
        Assert.Equal(KmsErrors.ServiceUnavailableTemporary, refusal.Error);
    }

    private async Task FinishAsync()
    {
        gate.Set();
        await Task.WhenAll(busy);
    }
}

using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Import;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KmsGateway.Core.Tests.Crypto;

/// <summary>Eight pairs stand ready, one thread makes them, few may wait.</summary>
public sealed class WrappingPairsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Take_TheFirst_FillsThePoolAndNoMore()
    {
        var made = 0;
        using var pairs = NewPairs(() =>
        {
            Interlocked.Increment(ref made);
            return NewPair();
        });
        Assert.False(pairs.IsStarted);

        (await pairs.TakeAsync(WrappingAlgorithms.Rsa2048)).Dispose();

        await UntilAsync(() => pairs.Count == WrappingPairs.Ready);
        Assert.Equal(WrappingPairs.Ready + 1, Volatile.Read(ref made));
    }

    [Fact]
    public async Task Take_ManyTimes_NeverGivesOnePairTwice()
    {
        using var pairs = NewPairs(NewPair);
        var keys = new List<string>();
        for (var index = 0; index < 3 * WrappingPairs.Ready; index++)
        {
            using var pair = await pairs.TakeAsync(WrappingAlgorithms.Rsa2048);
            keys.Add(Convert.ToHexString(pair.PublicKey));
        }

        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Take_OfTheRealPool_IsAnRsaPair()
    {
        using var pairs = new WrappingPairs(NullLogger<WrappingPairs>.Instance);
        using var pair = await pairs.TakeAsync(WrappingAlgorithms.Rsa2048);
        Assert.NotNull(ReceiverKey.TryRead(WrappingAlgorithms.OaepSha256, pair.PublicKey));
    }

    [Fact]
    public async Task Take_OneMoreThanMayWait_IsRefusedAndTheOthersAreServed()
    {
        using var gate = new ManualResetEventSlim();
        using var pairs = NewPairs(() =>
        {
            gate.Wait();
            return NewPair();
        });
        var waiting = Enumerable.Range(0, WrappingPairs.MostWaiting).Select(_ => TakeAsync(pairs)).ToArray();

        var refusal = await Assert.ThrowsAsync<KmsException>(() => TakeAsync(pairs));
        Assert.Equal("ServiceUnavailableTemporary", refusal.Error.Code);

        gate.Set();
        foreach (var pair in await Task.WhenAll(waiting))
        {
            pair.Dispose();
        }
    }

    [Fact]
    public async Task Take_WhenNoneCanBeMade_IsRefusedSaidAndServedOnceOneCanBe()
    {
        var failures = 8;
        var rests = new List<TimeSpan>();
        using var logs = new CapturingLoggers();
        using var goOn = new SemaphoreSlim(0);
        using var pairs = new WrappingPairs(
            () => failures-- > 0 ? throw new InvalidOperationException("no randomness") : NewPair(),
            logs.CreateLogger<WrappingPairs>(),
            (pause, stop) =>
            {
                rests.Add(pause);
                goOn.Wait(stop);
            });

        for (var call = 0; call < 3; call++)
        {
            var refusal = await Assert.ThrowsAsync<KmsException>(() => TakeAsync(pairs));
            Assert.Equal(KmsErrors.ServiceUnavailableTemporary, refusal.Error);
        }

        goOn.Release(failures + 1);
        await UntilAsync(() => pairs.Count == WrappingPairs.Ready);
        (await TakeAsync(pairs)).Dispose();
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], rests.Select(pause => pause.TotalSeconds));
        Assert.Equal(rests.Count, logs.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("no randomness", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Dispose_WhileNoneCanBeMade_Ends()
    {
        var pairs = new WrappingPairs(
            () => throw new InvalidOperationException("no randomness"),
            NullLogger<WrappingPairs>.Instance,
            (_, stop) => stop.WaitHandle.WaitOne());
        await Assert.ThrowsAsync<KmsException>(() => TakeAsync(pairs));

        await Task.Run(pairs.Dispose).WaitAsync(Patience);
    }

    [Fact]
    public async Task Dispose_OfAFullPool_ZeroesEveryPair()
    {
        var made = new List<WrappingPair>();
        var pairs = NewPairs(() =>
        {
            var pair = NewPair();
            made.Add(pair);
            return pair;
        });
        using var taken = await pairs.TakeAsync(WrappingAlgorithms.Rsa2048);
        await UntilAsync(() => pairs.Count == WrappingPairs.Ready);

        pairs.Dispose();

        Assert.All(made.Where(pair => pair != taken), pair => Assert.Throws<ObjectDisposedException>(() => pair.PrivateKey.Length));
        Assert.False(taken.PrivateKey.IsEmpty);
    }

    [Theory]
    [InlineData("", "one file is expected as libcrypto.so.3, the process has 0: .")]
    [InlineData("7f10-7f20 r--p 00000000 08:01 77 /usr/lib/libcrypto.so.3\n7f20-7f30 r-xp 00010000 08:01 77 /usr/lib/libcrypto.so.3", null)]
    [InlineData("7f10-7f20 r--p 00000000 08:01 77 /usr/lib/libcrypto.so.3.0.15\n7f20-7f30 rw-p 00000000 00:00 0\n7f20-7f30 r-xp 00000000 08:01 78 /usr/lib/libssl.so.3", null)]
    [InlineData("7f10-7f20 r--p 0 08:01 77 /opt/a/libcrypto.so.3\n7f20-7f30 r-xp 0 08:01 78 /opt/b/libcrypto.so.1.1", "one file is expected as libcrypto.so.3, the process has 2: /opt/a/libcrypto.so.3, /opt/b/libcrypto.so.1.1.")]
    public void FaultOf_MemoryMap_AllowsOneFileOnly(string map, string? fault) => Assert.Equal(fault, OpenSsl.FaultOf("libcrypto.so.3", map.Split('\n')));

    [Fact]
    public void FaultOf_LibraryThatIsNotThere_SaysSo() => Assert.Equal("libnothing.so.3 is not on this machine.", OpenSsl.FaultOf("libnothing.so.3"));

    [Fact]
    public void RawRsa_OnTheMachineOfTheTests_UsesTheLibraryOfTheFramework() => Assert.Null(RawRsa.Fault);

    /// <summary>Of the other curve: made in no time.</summary>
    private static WrappingPair NewPair() => WrappingPair.Generate(WrappingAlgorithms.EcSm2);

    private static WrappingPairs NewPairs(Func<WrappingPair> make) =>
        new(make, NullLogger<WrappingPairs>.Instance, (_, _) => throw new InvalidOperationException("there is nothing to wait for"));

    private static async Task<WrappingPair> TakeAsync(WrappingPairs pairs) => await pairs.TakeAsync(WrappingAlgorithms.Rsa2048);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(await pause.WaitForNextTickAsync(late.Token));
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Xunit;
using Xunit.Abstractions;

namespace KmsGateway.Wire.Tests.Revocation;

/// <summary>
/// Zero-window revocation over the wire (threats.md 17): under a load as high as the machine gives, rights are taken and given
/// back, each acknowledgement is timed, and the recorded history holds no call that began later and was served. 1,000
/// revocations; 10,000 with <c>KMSGATEWAY_FULL=1</c>, under more than 2,000 calls a second where nothing else runs on two processors.
/// </summary>
[Trait("Topology", "embedded")]
public sealed class ZeroWindowTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Workers = 10;

    // How many revoke at once: fewer leave the load more of the machine, more are done sooner.
    private const int Lanes = 4;

    // Ends a run that hangs; many times what one takes.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(KmsProcessOptions.IsFullRun ? 30 : 5);

    private readonly CancellationTokenSource deadline = new(Limit);
    private readonly CancellationTokenSource stop = new();
    private KmsProcess service = null!;
    private KmsCaller root = null!;
    private long calls;

    private static int Revocations => KmsProcessOptions.IsFullRun ? 10_000 : 1_000;

    public async Task InitializeAsync()
    {
        service = await KmsProcess.StartAsync(
            new KmsProcessOptions
            {
                Topology = KmsTopology.Embedded,
                Settings = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Kms__Replay__MaxEntries"] = "20000000", ["Logging__LogLevel__KmsGateway.Trail"] = "Warning",
                },
            },
            CancellationToken.None);
        root = KmsCaller.Root(service);
    }

    public async Task DisposeAsync() => await service.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        root?.Dispose();
        stop.Dispose();
        deadline.Dispose();
        service?.Dispose();
    }

    [Fact]
    public async Task Revocation_UnderLoad_IsNeverFollowedByACallServedUnderTheOldState()
    {
        using var made = new RevocationVictims(root, KmsProcessOptions.Account);
        var victims = await made.MakeAsync();
        var rounds = (Revocations + victims.Count - 1) / victims.Count;
        var started = Stopwatch.GetTimestamp();
        var load = Enumerable.Range(0, Workers).Select(number => Task.Run(() => LoadAsync(victims, number), CancellationToken.None)).ToArray();
        var lanes = victims.Chunk((victims.Count + Lanes - 1) / Lanes).Select(mine => Task.Run(() => RevokeAsync(made, mine, rounds), CancellationToken.None)).ToArray();
        await UntilDoneAsync(lanes, load);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds * victims.Count} revocations in {seconds:F0} s under {calls / seconds:F0} calls a second, {calls} calls in all"));
        Assert.All(victims, victim => Judge(victim, rounds));
    }

    /// <summary>What fails first, of either, ends the test.</summary>
    private async Task UntilDoneAsync(Task[] lanes, Task[] load)
    {
        try
        {
            await foreach (var ended in Task.WhenEach([.. lanes, .. load]))
            {
                await ended;
                if (lanes.All(lane => lane.IsCompletedSuccessfully))
                {
                    break;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(load);
    }

    private void Judge(RevocationVictim victim, int rounds)
    {
        var (inside, served) = victim.History.Judged();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{victim.Name}: {inside} calls began after a revocation and ended before its end, {served} served"));
        Assert.Empty(victim.History.StaleAllows());

        // Each round has one call of its own on either side; what the load adds is the proof.
        Assert.True(inside >= 2 * rounds && served >= 2 * rounds, $"{victim.Name} proves little: {inside} judged, {served} served");
    }

    /// <summary>All are revoked one after another, then all are given back, so that every window is open long enough to be walked into.</summary>
    private async Task RevokeAsync(RevocationVictims made, RevocationVictim[] victims, int rounds)
    {
        using var connection = new RawConnection(service.Http);
        for (var round = 1; round <= rounds && !stop.IsCancellationRequested; round++)
        {
            var open = new List<(RevocationVictim Victim, VictimKey Key, long Acknowledged)>();
            foreach (var victim in victims)
            {
                var key = victim.Key;
                var disturbance = made.DisturbAsync(victim);
                await victim.RevokeAsync();
                open.Add((victim, key, Stopwatch.GetTimestamp()));
                Assert.False(await victim.CallAsync(connection, deadline.Token), $"{victim.Name}: the call right after revocation {round} was served");
                await disturbance;
            }

            foreach (var (victim, key, acknowledged) in open)
            {
                var undoneFrom = victim.EndsTheKey ? long.MaxValue : Stopwatch.GetTimestamp();
                await victim.GrantAsync();
                victim.History.Add(new RevokedWindow(key.Number, acknowledged, undoneFrom));
                Assert.True(await victim.CallAsync(connection, deadline.Token), $"{victim.Name}: the call right after right {round} was given back was refused");
            }
        }
    }

    private async Task LoadAsync(IReadOnlyList<RevocationVictim> victims, int number)
    {
        using var connection = new RawConnection(service.Http);
        while (!stop.IsCancellationRequested)
        {
            await victims[number++ % victims.Count].CallAsync(connection, deadline.Token);
            Interlocked.Increment(ref calls);
        }
    }
}

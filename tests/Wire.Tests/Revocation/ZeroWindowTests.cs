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
/// revocations; 10,000 with <c>KMSGATEWAY_FULL=1</c>.
/// </summary>
public sealed class ZeroWindowTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Workers = 12;

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
        service?.Dispose();
    }

    [Fact]
    public async Task Revocation_UnderLoad_IsNeverFollowedByACallServedUnderTheOldState()
    {
        var victims = await new RevocationVictims(root, KmsProcessOptions.Account).MakeAsync();
        var started = Stopwatch.GetTimestamp();
        var load = Enumerable.Range(0, Workers).Select(number => Task.Run(() => LoadAsync(victims, number), CancellationToken.None)).ToArray();
        var revoked = await RevokeAsync(victims);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        var rate = Interlocked.Read(ref calls) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{revoked} revocations under {rate:F0} calls a second, {Interlocked.Read(ref calls)} calls in all"));
        foreach (var victim in victims)
        {
            var (inside, served) = victim.History.Judged();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{victim.Name}: {inside} calls began after a revocation and ended before its end, {served} served"));
            Assert.Empty(victim.History.StaleAllows());
            Assert.True(inside >= revoked / victims.Count && served > 0, $"{victim.Name} proves nothing: {inside} judged, {served} served");
        }
    }

    /// <summary>All are revoked one after another, then all are given back, so that every window is open long enough to be walked into.</summary>
    private async Task<int> RevokeAsync(IReadOnlyList<RevocationVictim> victims)
    {
        using var connection = new RawConnection(service.Http);
        var revoked = 0;
        while (revoked < Revocations)
        {
            var open = new List<(RevocationVictim Victim, VictimKey Key, long Acknowledged)>();
            foreach (var victim in victims)
            {
                var key = victim.Key;
                await victim.RevokeAsync();
                open.Add((victim, key, Stopwatch.GetTimestamp()));
                revoked++;
                Assert.False(await victim.CallAsync(connection), $"{victim.Name}: the call right after revocation {revoked} was served");
            }

            foreach (var (victim, key, acknowledged) in open)
            {
                var undoneFrom = victim.EndsTheKey ? long.MaxValue : Stopwatch.GetTimestamp();
                await victim.GrantAsync();
                victim.History.Add(new RevokedWindow(key.Number, acknowledged, undoneFrom));
                Assert.True(await victim.CallAsync(connection), $"{victim.Name}: the call right after the right was given back was refused");
            }
        }

        return revoked;
    }

    private async Task LoadAsync(IReadOnlyList<RevocationVictim> victims, int number)
    {
        using var connection = new RawConnection(service.Http);
        while (!stop.IsCancellationRequested)
        {
            await victims[number++ % victims.Count].CallAsync(connection);
            Interlocked.Increment(ref calls);
        }
    }
}

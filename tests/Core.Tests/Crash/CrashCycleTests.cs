using KmsGateway.Core.Tests.StateMachine;
using Xunit.Abstractions;

namespace KmsGateway.Core.Tests.Crash;

/// <summary>
/// The program is killed again and again, by other hands at any instant and at its own writes around every commit, while three callers
/// work: nothing that was acknowledged is lost, no key is half made, every ciphertext opens, deleted material stays deleted.
/// </summary>
public sealed class CrashCycleTests(ITestOutputHelper output)
{
    internal const int MostKeys = 12;
    internal const int MostAliases = 8;

    private const int Callers = 3;
    private const int MostSteps = 15;
    private const int Opened = 15;

    /// <summary>Of each of the four lanes.</summary>
    private static readonly int Cycles = KmsProcessOptions.IsFullRun ? 250 : 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Core_KilledAgainAndAgain_KeepsWhatItAcknowledged(int lane)
    {
        var chance = new Random(lane);
        using var core = new CoreProcess();
        var walks = Enumerable.Range(1, Callers).Select(caller => new Walk(core, $"100000000000000{caller}", new Random((10 * lane) + caller), MostKeys, MostAliases)).ToArray();
        var (early, working) = (0, 0);
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            if (await LiveAsync(core, walks, chance))
            {
                working++;
            }
            else
            {
                early++;
            }

            await core.RequireKilledAsync();
            if (cycle > 0 && chance.Next(3) == 0)
            {
                Age(core, walks, TimeSpan.FromMinutes(chance.Next(1, 5 * 24 * 60)));
            }
        }

        Assert.True(await StartedAsync(core, walks, null), core.Tail);
        var (done, undone) = (walks.Sum(walk => walk.Lost.Done), walks.Sum(walk => walk.Lost.Undone));
        output.WriteLine(
            $"{Cycles} cycles: {early} killed before callers came, {working} while they worked; {walks.Sum(walk => walk.Acknowledged)} changes acknowledged, {done} unanswered ones done, {undone} not done, {walks.Sum(walk => walk.Decrypted)} ciphertexts opened");
        Assert.True(working > Cycles / 2 && done + undone > 0);
        Assert.True(!KmsProcessOptions.IsFullRun || (done > Cycles / 50 && undone > Cycles / 50 && early > 0));
    }

    /// <summary>One life of the process, and its violent end; whether callers saw any of it.</summary>
    private static async Task<bool> LiveAsync(CoreProcess core, Walk[] walks, Random chance)
    {
        var byOwnWrite = chance.Next(3) > 0;
        var write = chance.Next(4) == 0 ? chance.Next(1, 60) : chance.Next(40, 500);
        string[] manners = ["before", "half", "after"];
        var manner = manners[chance.Next(manners.Length)];
        if (!await StartedAsync(core, walks, byOwnWrite ? $"{write}:{manner}" : null))
        {
            return false;
        }

        var work = Task.WhenAll(walks.Select(walk => Task.Run(() => WorkAsync(walk))));
        if (!byOwnWrite)
        {
            using var delay = new CancellationTokenSource(TimeSpan.FromMilliseconds(chance.Next(1, 500)));
            var over = new TaskCompletionSource();
            await using var registration = delay.Token.Register(over.SetResult);
            _ = await Task.WhenAny(work, over.Task);
            core.Kill();
        }

        await work;
        if (!core.HasEnded)
        {
            core.Kill();
        }

        return true;
    }

    /// <summary>Started, all that is due done, all that was acknowledged found; false when it died before that.</summary>
    private static async Task<bool> StartedAsync(CoreProcess core, Walk[] walks, string? dieAtWrite)
    {
        if (!await core.StartAsync(dieAtWrite) || !await core.DoneDueAsync())
        {
            return false;
        }

        foreach (var walk in walks)
        {
            walk.Settle();
        }

        try
        {
            foreach (var walk in walks)
            {
                await walk.OpenAllAsync(Opened);
            }

            return true;
        }
        catch (LostCallException)
        {
            return false;
        }
    }

    private static async Task WorkAsync(Walk walk)
    {
        try
        {
            for (var step = 0; step < MostSteps; step++)
            {
                await walk.StepAsync();
            }
        }
        catch (LostCallException)
        {
            // the process is gone; what became of the call is seen after the next start
        }
    }

    private static void Age(CoreProcess core, Walk[] walks, TimeSpan by)
    {
        core.Age(by);
        foreach (var walk in walks)
        {
            walk.Age(by);
        }
    }
}

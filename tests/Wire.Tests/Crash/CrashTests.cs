using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Xunit;
using Xunit.Abstractions;

namespace KmsGateway.Wire.Tests.Crash;

/// <summary><c>kill -9</c> in the middle of 1,000 acknowledged writes: none of them may be lost.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Writes = 1000;
    private const int Writers = 4;

    private static readonly KmsProcessOptions Options = new()
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Kms__Quotas__KeysPerRegion"] = "5000",
            ["Kms__Quotas__AliasesPerRegion"] = "5000",
        },
    };

    public static TheoryData<int> Rounds => [.. Enumerable.Range(1, KmsProcessOptions.IsFullRun ? 20 : 2)];

    [Theory]
    [MemberData(nameof(Rounds))]
    public async Task Service_KilledAmongThousandWrites_KeepsEveryAcknowledgedOne(int round)
    {
        // Why: the seed is the round, so that a failing round can be run again by itself
        var killAt = 50 + (int)(((uint)round * 2654435761u) % (Writes - 100));
        output.WriteLine($"round {round}: killed after {killAt} acknowledged writes");
        using var service = await KmsProcess.StartAsync(Options, CancellationToken.None);
        var writes = new AcknowledgedWrites();

        await WriteAndKillAsync(service, writes, round, killAt);
        Assert.InRange(writes.Count, killAt, Writes);

        await service.StartAsync(CancellationToken.None);
        using (var root = KmsCaller.Root(service))
        {
            await writes.VerifyAsync(root);
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(root, writes, $"r{round}-after-w{writer}", Writes)));
            Assert.InRange(writes.Count, Writes, Writes + Writers);
            await writes.VerifyAsync(root);
        }

        await service.StopAsync(CancellationToken.None);
    }

    private static async Task WriteAndKillAsync(KmsProcess service, AcknowledgedWrites writes, int round, int killAt)
    {
        using var root = KmsCaller.Root(service);
        var killed = new TaskCompletionSource();
        var writers = Enumerable.Range(0, Writers).Select(async writer =>
        {
            try
            {
                var number = 0;
                while (!killed.Task.IsCompleted)
                {
                    await writes.WriteOneAsync(root, $"r{round}-w{writer}-n{number++}", int.MaxValue);
                    if (writes.Count >= killAt && killed.TrySetResult())
                    {
                        service.Kill();
                    }
                }
            }
            catch (HttpRequestException) when (killed.Task.IsCompleted)
            {
                // Why: the calls in flight die with the service; they were not acknowledged and nothing is expected of them
            }
        });
        await Task.WhenAll(writers);
    }

    private static async Task WriteAsync(KmsCaller root, AcknowledgedWrites writes, string mark, int limit)
    {
        var number = 0;
        while (writes.Count < limit)
        {
            await writes.WriteOneAsync(root, $"{mark}-n{number++}", limit);
        }
    }
}

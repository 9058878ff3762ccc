using System.Diagnostics;
using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using KmsGateway.Wire.Tests.Crash;
using Microsoft.Data.Sqlite;
using Xunit;
using Xunit.Abstractions;

namespace KmsGateway.Wire.Tests.Custody;

/// <summary>
/// <c>rewrap</c> of the real programs, killed with <c>kill -9</c> at random and as soon as a step shows in the files: every acknowledged key opens
/// what it sealed, and the next rewrap finishes.
/// </summary>
public sealed class RewrapCrashTests(ITestOutputHelper output)
{
    private const int Writes = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly KmsProcessOptions Options = new()
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Kms__Quotas__KeysPerRegion"] = "5000" },
    };

    public static TheoryData<string> Steps => KmsProcessOptions.IsFullRun
        ? ["root written", "epoch begun", "some records moved", "epoch retired", "root replaced"]
        : ["epoch begun", "epoch retired"];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Rewrap_KilledWhenAStepShows_OpensEverythingAndIsFinishedByTheNext(string step)
    {
        using var service = await KmsProcess.StartAsync(Options, CancellationToken.None);
        var writes = await FilledAsync(service);
        var rootBefore = await File.ReadAllBytesAsync(RootKey(service));

        using var command = Command(service, "rewrap");
        await SpinUntilAsync(command, () => Shows(service, step, rootBefore));
        service.Kill();
        command.Kill();

        await FinishAsync(service, writes);
    }

    [Fact]
    public async Task Rewrap_KilledAtRandomInstants_OpensEverythingAndIsFinishedByTheNext()
    {
        var rounds = KmsProcessOptions.IsFullRun ? 30 : 2;
        using var service = await KmsProcess.StartAsync(Options, CancellationToken.None);
        var writes = await FilledAsync(service);
        for (var round = 1; round <= rounds; round++)
        {
            // Why: the instant follows from the round, so that a failing round can be run again by itself
            var after = TimeSpan.FromMilliseconds(300 + (((uint)round * 2654435761u) % 700));
            output.WriteLine($"round {round}: killed {after.TotalMilliseconds:F0} ms after the command was started");
            using var command = Command(service, "rewrap");
            var clock = Stopwatch.StartNew();
            await SpinUntilAsync(command, () => clock.Elapsed >= after);
            service.Kill();

            // Why: a command that had not found the service yet would do the work itself, and is killed at it
            command.Kill();
            await service.StartAsync(CancellationToken.None);
            using var again = KmsCaller.Root(service);
            await writes.VerifyAsync(again);
        }

        service.Kill();
        await FinishAsync(service, writes);
    }

    [Fact]
    public async Task Rewrap_WhileKeysAreMade_LosesNone()
    {
        using var service = await KmsProcess.StartAsync(Options, CancellationToken.None);
        var writes = await FilledAsync(service);
        using var root = KmsCaller.Root(service);
        using var command = Command(service, "rewrap");
        var number = 0;
        while (!command.HasExited)
        {
            await writes.WriteOneAsync(root, $"during-{number++}", int.MaxValue);
        }

        Assert.Equal(0, await command.StopAsync(CancellationToken.None));
        await writes.VerifyAsync(root);
        AssertOneEpoch(service);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Backup_OfAServiceThatIsKilled_RestoresEveryAcknowledgedWriteBeforeIt()
    {
        using var service = await KmsProcess.StartAsync(Options, CancellationToken.None);
        var writes = await FilledAsync(service);
        if (service.Topology == KmsTopology.Split)
        {
            await DoneAsync(KmsProcessProgram.Start("gateway", "KmsGateway.Gateway.dll", ["backup", Path.Combine(service.Root, "ram-backup")], Settings(service, service.GatewayData)));
        }

        await DoneAsync(Command(service, "backup", Path.Combine(service.Root, "backup")));
        var rootKey = Path.Combine(service.Root, "safe.key");
        File.Copy(RootKey(service), rootKey);
        service.Kill();
        Directory.Delete(service.CoreData, recursive: true);

        await DoneAsync(Command(service, "restore", Path.Combine(service.Root, "backup"), "--root-key", rootKey));
        await service.StartAsync(CancellationToken.None);
        using var root = KmsCaller.Root(service);
        await writes.VerifyAsync(root);
        await service.StopAsync(CancellationToken.None);
    }

    private static string RootKey(KmsProcess service) => Path.Combine(service.CoreData, "root.key");

    private static async Task<AcknowledgedWrites> FilledAsync(KmsProcess service)
    {
        var writes = new AcknowledgedWrites();
        using var root = KmsCaller.Root(service);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            var number = 0;
            while (writes.Count < Writes)
            {
                await writes.WriteOneAsync(root, $"w{writer}-{number++}", Writes);
            }
        }));
        return writes;
    }

    /// <summary>The command of the program that keeps the keys.</summary>
    private static KmsProcessProgram Command(KmsProcess service, params string[] arguments) => service.Topology == KmsTopology.Split
        ? KmsProcessProgram.Start("core", "KmsGateway.Core.dll", arguments, Settings(service, service.CoreData))
        : KmsProcessProgram.Start("gateway", "KmsGateway.Gateway.dll", arguments, Settings(service, service.GatewayData));

    private static Dictionary<string, string> Settings(KmsProcess service, string data)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Kms__DataDirectory"] = data };
        if (service.Topology == KmsTopology.Split && data == service.GatewayData)
        {
            settings["Kms__Core__Address"] = service.CoreAddress!.ToString().TrimEnd('/');
        }

        return settings;
    }

    private static async Task DoneAsync(KmsProcessProgram command)
    {
        using (command)
        {
            await ExitedAsync(command);
            var code = await command.StopAsync(CancellationToken.None);
            Assert.True(code == 0, command.Tail());
        }
    }

    private static async Task ExitedAsync(KmsProcessProgram command)
    {
        using var late = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!command.HasExited)
        {
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    private static async Task SpinUntilAsync(KmsProcessProgram command, Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, $"it never came:\n{command.Tail()}");
            await Task.Yield();
        }
    }

    /// <summary>Whether the files show that far, or further: a step may be over before it is seen.</summary>
    private static bool Shows(KmsProcess service, string step, byte[] rootBefore)
    {
        var next = Path.Combine(service.CoreData, "root.next.key");
        return step switch
        {
            "root written" => File.Exists(next) || IsReplaced(service, rootBefore),
            "epoch begun" => Count(service, "SELECT count(*) FROM seal_epochs WHERE epoch = 2") == 1,
            "some records moved" => Count(service, "SELECT count(*) FROM key_versions WHERE epoch = 2") > 0,
            "epoch retired" => Count(service, "SELECT count(*) FROM retired_epochs") == 1,
            "root replaced" => IsReplaced(service, rootBefore),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }

    private static bool IsReplaced(KmsProcess service, byte[] rootBefore) => !File.ReadAllBytes(RootKey(service)).AsSpan().SequenceEqual(rootBefore);

    private static long Count(KmsProcess service, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(service.CoreData, "keys.db")};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static async Task FinishAsync(KmsProcess service, AcknowledgedWrites writes)
    {
        await service.StartAsync(CancellationToken.None);
        using var root = KmsCaller.Root(service);
        await writes.VerifyAsync(root);
        await DoneAsync(Command(service, "rewrap"));
        AssertOneEpoch(service);
        await writes.VerifyAsync(root);
        await service.StopAsync(CancellationToken.None);
    }

    private static void AssertOneEpoch(KmsProcess service)
    {
        Assert.False(File.Exists(Path.Combine(service.CoreData, "root.next.key")));
        Assert.Equal(1, Count(service, "SELECT count(*) FROM seal_epochs"));
        foreach (var table in (string[])["key_versions", "import_parameters", "core_secrets"])
        {
            Assert.Equal(0, Count(service, $"SELECT count(*) FROM {table} WHERE epoch <> (SELECT max(epoch) FROM seal_epochs)"));
        }
    }
}

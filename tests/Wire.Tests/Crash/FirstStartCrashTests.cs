using System.Diagnostics;
using System.Text.Json.Nodes;
using KmsGateway.Tests;
using KmsGateway.Wire.Tests.Clients;
using Xunit;
using Xunit.Abstractions;

namespace KmsGateway.Wire.Tests.Crash;

/// <summary>
/// The first start may be killed at any instant and run again (decisions.md D4): the second start becomes ready and the root
/// credentials work.
/// </summary>
public sealed class FirstStartCrashTests(ITestOutputHelper output)
{
    private static readonly KmsProcessOptions Options = new();

    /// <summary>What each step leaves in the gateway's data directory.</summary>
    public static TheoryData<string> GatewaySteps => Options.Topology == KmsTopology.Embedded
        ? ["lock", "root.key", "keys.db", "ram.db", "ticket.key", "ticket.pub", "tls/ca.key", "tls/ca.pem"]
        : ["lock", "ram.db", "ticket.key", "ticket.pub", "tls/ca.key", "tls/ca.pem"];

    [Theory]
    [MemberData(nameof(GatewaySteps))]
    public async Task FirstStart_KilledWhenAStepLeftItsFile_StartsAgain(string file)
    {
        using var service = KmsProcess.Create(Options);
        service.Launch();
        await LaunchCoreWhenPossibleAsync(service, () => File.Exists(Path.Combine(service.GatewayData, file)));
        await SpinUntilAsync(service, () => File.Exists(Path.Combine(service.GatewayData, file)));
        service.Kill();

        await StartsAndWorksAsync(service);
    }

    [Fact]
    public async Task FirstStart_KilledWhenTheGeneratedCredentialsAreWritten_KeepsThem()
    {
        using var service = KmsProcess.Create(Options with { WithBootstrapCredentials = false });
        var file = Path.Combine(service.GatewayData, "root-access-key.json");
        service.Launch();
        await LaunchCoreWhenPossibleAsync(service, () => File.Exists(file));
        await SpinUntilAsync(service, () => File.Exists(file) && new FileInfo(file).Length > 0);
        service.Kill();

        await service.StartAsync(CancellationToken.None);
        var credentials = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        using var root = new KmsCaller(service.Http, (string)credentials["AccessKeyId"]!, (string)credentials["AccessKeySecret"]!);
        _ = (await root.KmsAsync("CreateKey")).Success;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task FirstStart_KilledAtEveryDelay_StartsAgain()
    {
        var whole = await MeasureAsync();
        var steps = KmsProcessOptions.IsFullRun ? 40 : 10;
        output.WriteLine($"a first start takes {whole.TotalMilliseconds:F0} ms here; killed at {steps} instants of it");
        for (var step = 1; step <= steps; step++)
        {
            using var service = KmsProcess.Create(Options);
            var clock = Stopwatch.StartNew();
            service.Launch();
            await LaunchCoreWhenPossibleAsync(service, () => clock.Elapsed >= whole * step / steps);
            await SpinUntilAsync(service, () => clock.Elapsed >= whole * step / steps);
            service.Kill();

            await StartsAndWorksAsync(service);
        }
    }

    [Fact]
    public async Task Start_KilledAgainAndAgain_StartsAtLast()
    {
        using var service = KmsProcess.Create(Options);
        var whole = await MeasureAsync();
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            var clock = Stopwatch.StartNew();
            service.Launch();
            await LaunchCoreWhenPossibleAsync(service, () => clock.Elapsed >= whole * attempt / 6);
            await SpinUntilAsync(service, () => clock.Elapsed >= whole * attempt / 6);
            service.Kill();
        }

        await StartsAndWorksAsync(service);
    }

    private static async Task<TimeSpan> MeasureAsync()
    {
        var clock = Stopwatch.StartNew();
        using var service = await KmsProcess.StartAsync(Options, CancellationToken.None);
        return clock.Elapsed;
    }

    private static async Task LaunchCoreWhenPossibleAsync(KmsProcess service, Func<bool> isOver)
    {
        if (service.Topology == KmsTopology.Split)
        {
            await SpinUntilAsync(service, () => isOver() || File.Exists(service.TicketKey));
            if (File.Exists(service.TicketKey))
            {
                service.LaunchCore();
            }
        }
    }

    /// <summary>Without a pause between two looks, so that the kill comes as soon after the event as it can.</summary>
    private static async Task SpinUntilAsync(KmsProcess service, Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(service.Gateway.HasExited, $"the gateway ended by itself:\n{service.Gateway.Tail()}");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"it never came:\n{service.Gateway.Tail()}");
            await Task.Yield();
        }
    }

    private static async Task StartsAndWorksAsync(KmsProcess service)
    {
        await service.StartAsync(CancellationToken.None);
        using var root = KmsCaller.Root(service);
        var made = (await root.KmsAsync("CreateKey")).Success;
        var keyId = (string)made["KeyMetadata"]!["KeyId"]!;
        var sealedText = (await root.KmsAsync("Encrypt", ("KeyId", keyId), ("Plaintext", "again"))).Success;
        var opened = (await root.KmsAsync("Decrypt", ("CiphertextBlob", (string)sealedText["CiphertextBlob"]!))).Success;
        Assert.Equal("again", (string?)opened["Plaintext"]);

        // the gateway's own key seals AccessKey secrets; a user's key shows that it survived as well
        _ = (await root.RamAsync("CreateUser", ("UserName", "alice"))).Success;
        var pair = (await root.RamAsync("CreateAccessKey", ("UserName", "alice"))).Success["AccessKey"]!;
        using var alice = new KmsCaller(service.Http, (string)pair["AccessKeyId"]!, (string)pair["AccessKeySecret"]!);
        Assert.Equal("Forbidden.NoPermission", (await alice.KmsAsync("ListKeys")).Code);
        await service.StopAsync(CancellationToken.None);
    }
}

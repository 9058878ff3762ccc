using System.Net;
using System.Net.Sockets;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Tests.Hosting;

/// <summary>The operator contract of a core on its own.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly TestTickets tickets = new();

    public void Dispose()
    {
        tickets.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Help_NamesEverySetting()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        foreach (var name in (string[])["--urls", "--Kms:DataDirectory", "--Kms:Region", "--Kms:Core:Id", "--Kms:Tickets:PublicKeys", "--Kms:Quotas:KeysPerRegion", "--Kms:Quotas:AliasesPerRegion", "--Kms:Quotas:TagsPerResource", "--Kms:Quotas:KeyVersionsPerRegion", "--Kms:Quotas:AsymmetricVersionsPerRegion", "--Kms:Quotas:AsymmetricVersionIntervalDays", "--Kms:Quotas:DeletionWindowDays"])
        {
            Assert.Contains(name, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_IsPrinted() => Assert.Equal((0, "0.1.0"), (await RunAsync("--version")) is var (code, output, _) ? (code, output.Trim()) : default);

    [Theory]
    [InlineData("--url", "--urls")]
    [InlineData("--Kms:Regoin=x", "--Kms:Region")]
    [InlineData("serve", "--")]
    public async Task UnknownArgument_NamesTheNearest(string argument, string nearest)
    {
        var (code, _, errors) = await RunAsync(argument);

        Assert.Equal(64, code);
        Assert.Contains($"unknown argument {argument.Split('=')[0]}, did you mean {nearest}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ArgumentWithoutValue_IsAFault() => Assert.Equal((64, "--urls needs a value"), await FaultAsync("--urls"));

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://192.0.2.1:80")]
    [InlineData("http://*:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://core:0")]
    [InlineData("ftp://127.0.0.1:0")]
    public async Task PlainHttpBeyondLoopback_IsAFault(string url)
    {
        var (code, fault) = await FaultAsync(Arguments(url));

        Assert.Equal(64, code);
        Assert.StartsWith($"--urls {url}:", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EverythingWrong_IsNamedAtOnce()
    {
        var (code, fault) = await FaultAsync(
            "--urls", "http://0.0.0.0:0", "--Kms:DataDirectory", " ", "--Kms:Region", "X", "--Kms:Core:Id", "",
            "--Kms:Tickets:PublicKeys:0", "/nowhere.pem", "--Kms:Tickets:PublicKeys:1", "-----BEGIN nothing", "--Kms:Tickets:PublicKeys:2", "/nowhere",
            "--Kms:Quotas:KeysPerRegion", "0", "--Kms:Quotas:AliasesPerRegion", "0", "--Kms:Quotas:TagsPerResource", "21",
            "--Kms:Quotas:KeyVersionsPerRegion", "0", "--Kms:Quotas:AsymmetricVersionsPerRegion", "0",
            "--Kms:Quotas:AsymmetricVersionIntervalDays", "366", "--Kms:Quotas:DeletionWindowDays", "367");

        Assert.Equal(64, code);
        Assert.Equal(
            """
            --urls http://0.0.0.0:0: plain http is served on loopback addresses only; use https or a Unix socket
            Kms:DataDirectory must name a directory.
            Kms:Region must be 1 to 64 lower-case letters, digits and hyphens.
            Kms:Core:Id must not be empty.
            Kms:Tickets:PublicKeys must hold one or two public keys (PEM text or path).
            Kms:Tickets:PublicKeys:0: /nowhere.pem cannot be read.
            Kms:Tickets:PublicKeys:1: it is not the PEM text of a public key.
            Kms:Tickets:PublicKeys:2: /nowhere cannot be read.
            Kms:Quotas:KeysPerRegion must be 1 to 10000000.
            Kms:Quotas:AliasesPerRegion must be 1 to 10000000.
            Kms:Quotas:KeyVersionsPerRegion must be 1 to 10000000.
            Kms:Quotas:AsymmetricVersionsPerRegion must be 1 to 10000000.
            Kms:Quotas:AsymmetricVersionIntervalDays must be 0 to 365.
            Kms:Quotas:DeletionWindowDays must be 30 to 366.
            Kms:Quotas:TagsPerResource must be 1 to 20.
            """,
            fault);
    }

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnes()
    {
        var options = new CoreOptions();

        Assert.Equal(
            ("./data", "cn-hangzhou", "kmsgateway-core", 0, 200, 300, (10, 10_000, 50, 7, 30)),
            (options.DataDirectory, options.Region, options.Core.Id, options.Tickets.PublicKeys.Length, options.Quotas.KeysPerRegion,
                options.Quotas.AliasesPerRegion,
                (options.Quotas.TagsPerResource, options.Quotas.KeyVersionsPerRegion, options.Quotas.AsymmetricVersionsPerRegion,
                    options.Quotas.AsymmetricVersionIntervalDays, options.Quotas.DeletionWindowDays)));
    }

    [Fact]
    public async Task TakenPort_CannotStart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var (code, fault) = await FaultAsync(Arguments($"http://{listener.LocalEndpoint}"));

        Assert.Equal(70, code);
        Assert.Contains("address already in use", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DirectoryInUse_CannotStart()
    {
        using var held = DataDirectory.Open(directory.File("data"), "the first server");

        var (code, fault) = await FaultAsync(Arguments("http://127.0.0.1:0"));

        Assert.Equal(70, code);
        Assert.Contains("the first server", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAFreePort_ServesHealthAndRefusesTheRest()
    {
        await using var host = CoreHost.Build(Arguments("http://127.0.0.1:0"), TimeProvider.System);
        await host.Application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Addresses.Single()) };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.PostAsync("/internal/v1/Encrypt", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/metrics")).StatusCode);
        await host.Application.StopAsync();
    }

    [Fact]
    public async Task Stop_Asked_EndsWithZero()
    {
        using var stop = new CancellationTokenSource();
        var output = new StartedWriter(stop);

        Assert.Equal(0, await Program.RunAsync(Arguments("http://127.0.0.1:0"), output, TextWriter.Null, stop.Token));
        Assert.Contains("KmsGateway core listens on http://127.0.0.1:", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await Program.RunAsync(arguments, output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }

    private static async Task<(int Code, string Fault)> FaultAsync(params string[] arguments) =>
        await RunAsync(arguments) is var (code, _, errors) ? (code, errors.TrimEnd()) : default;

    private string[] Arguments(string url) =>
        ["--urls", url, "--Kms:DataDirectory", directory.File("data"), "--Kms:Tickets:PublicKeys:0", tickets.PublicPem];

    /// <summary>Asks to stop when it is told the address.</summary>
    private sealed class StartedWriter(CancellationTokenSource stop) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            await stop.CancelAsync();
        }
    }
}

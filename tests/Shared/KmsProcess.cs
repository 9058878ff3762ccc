using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace KmsGateway.Tests;

/// <summary>
/// The service as an operator runs it: the built program on free ports over a data directory of its own. The Node suites
/// have the same harness in <c>harness.mjs</c>.
/// </summary>
public sealed class KmsProcess : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly KmsProcessOptions options;
    private readonly TempDirectory directory = new();
    private readonly HttpClient probe = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
    private readonly List<string> earlierLines = [];

    private KmsProcess(KmsProcessOptions options) => this.options = options;

    /// <summary>How it runs.</summary>
    public KmsTopology Topology => options.Topology;

    /// <summary>Secret of the root AccessKey given to the first start.</summary>
    public string AccessKeySecret { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(15)).ToLowerInvariant();

    /// <summary>Data directory of the gateway.</summary>
    public string GatewayData => directory.File("gateway");

    /// <summary>Data directory of the core; the gateway's when embedded.</summary>
    public string CoreData => options.Topology == KmsTopology.Split ? directory.File("core") : GatewayData;

    /// <summary>Holds every data directory.</summary>
    public string Root => directory.Path;

    /// <summary>The CA that issued the https address.</summary>
    public string CertificateAuthority => Path.Combine(GatewayData, "tls", "ca.pem");

    /// <summary>The gateway's process.</summary>
    public KmsProcessProgram Gateway { get; private set; } = null!;

    /// <summary>The core's process when split.</summary>
    public KmsProcessProgram? Core { get; private set; }

    /// <summary>Base address of the core when split.</summary>
    public Uri? CoreAddress { get; private set; }

    /// <summary>Base address, http.</summary>
    public Uri Http => Gateway.Addresses.First(address => address.Scheme == Uri.UriSchemeHttp);

    /// <summary>Base address, https.</summary>
    public Uri Https => Gateway.Addresses.First(address => address.Scheme == Uri.UriSchemeHttps);

    /// <summary>Everything printed by every program of every start.</summary>
    public IEnumerable<string> Output => [.. earlierLines, .. Programs.SelectMany(program => program.Lines)];

    private IEnumerable<KmsProcessProgram> Programs => Core is null ? [Gateway] : [Gateway, Core];

    /// <summary>A service that was not started yet.</summary>
    public static KmsProcess Create(KmsProcessOptions options) => new(options);

    /// <summary>Starts and waits until it is ready.</summary>
    public static async Task<KmsProcess> StartAsync(KmsProcessOptions options, CancellationToken cancellationToken)
    {
        var service = new KmsProcess(options);
        try
        {
            await service.StartAsync(cancellationToken);
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>Starts (again, after a stop or a kill) over the same data and waits until <c>/healthz/ready</c> answers 200.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Launch();
        if (Topology == KmsTopology.Split)
        {
            await UntilAsync(Gateway, () => File.Exists(TicketKey), "ticket.pub", cancellationToken);
            LaunchCore();
        }

        await UntilAsync(Gateway, () => Gateway.Addresses.Take(2).Count() == 2, "two \"listening on\" lines", cancellationToken);
        await UntilAsync(Gateway, () => IsReadyAsync(cancellationToken), "/healthz/ready", cancellationToken);
    }

    /// <summary>Starts the gateway's process and returns at once; the core's must be launched when its key is there.</summary>
    public void Launch()
    {
        Forget();
        if (Topology == KmsTopology.Split)
        {
            CoreAddress = new Uri($"http://127.0.0.1:{FreePort()}");
        }

        Gateway = KmsProcessProgram.Start(
            "gateway", "KmsGateway.Gateway.dll", ["--urls", "http://127.0.0.1:0;https://127.0.0.1:0"], GatewaySettings());
    }

    /// <summary>Starts the core's process (split only).</summary>
    public void LaunchCore() =>
        Core = KmsProcessProgram.Start("core", "KmsGateway.Core.dll", ["--urls", CoreAddress!.ToString()], CoreSettings());

    /// <summary>Public half of the key that signs tickets; the core needs it.</summary>
    public string TicketKey => Path.Combine(GatewayData, "ticket.pub");

    /// <summary>Stops gracefully; every exit code must be 0.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var program in Programs)
        {
            var code = await program.StopAsync(cancellationToken);
            if (code != 0)
            {
                throw new InvalidOperationException($"{program.Part} ended with exit code {code} after SIGTERM:\n{program.Tail()}");
            }
        }
    }

    /// <summary><c>kill -9</c> of every process.</summary>
    public void Kill()
    {
        foreach (var program in Programs)
        {
            program.Kill();
        }
    }

    /// <summary>Asks again and again until <paramref name="condition"/> holds; a process that ends meanwhile is a failure.</summary>
    public static Task UntilAsync(KmsProcessProgram program, Func<bool> condition, string what, CancellationToken cancellationToken) =>
        UntilAsync(program, () => Task.FromResult(condition()), what, cancellationToken);

    /// <summary>Kills what still runs and removes the data.</summary>
    public void Dispose()
    {
        Forget();
        probe.Dispose();
        directory.Dispose();
    }

    private static async Task UntilAsync(KmsProcessProgram program, Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(ReadyWithin);
        using var timer = new PeriodicTimer(Poll);
        try
        {
            while (!await condition())
            {
                if (program.HasExited)
                {
                    throw new InvalidOperationException($"{program.Part} exited before {what}:\n{program.Tail()}");
                }

                await timer.WaitForNextTickAsync(late.Token);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{program.Part}: no {what} within {ReadyWithin}:\n{program.Tail()}", exception);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Forget()
    {
        if (Gateway is null)
        {
            return;
        }

        foreach (var program in Programs)
        {
            program.Dispose();
            earlierLines.AddRange(program.Lines);
        }

        Core = null;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await probe.GetAsync(new Uri(Http, "/healthz/ready"), cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // Why: refused while the program starts; the caller's deadline reports it when it lasts.
            return false;
        }
    }

    private Dictionary<string, string> GatewaySettings()
    {
        var settings = Common(GatewayData);
        settings["Kms__Region"] = KmsProcessOptions.Region;
        settings["Kms__Management__Url"] = "http://127.0.0.1:0";
        if (options.WithBootstrapCredentials)
        {
            settings["Kms__Bootstrap__AccountId"] = KmsProcessOptions.Account;
            settings["Kms__Bootstrap__AccessKeyId"] = KmsProcessOptions.AccessKeyId;
            settings["Kms__Bootstrap__AccessKeySecret"] = AccessKeySecret;
        }

        if (CoreAddress is not null)
        {
            settings["Kms__Core__Address"] = CoreAddress.ToString().TrimEnd('/');
        }

        return settings;
    }

    private Dictionary<string, string> CoreSettings()
    {
        var settings = Common(CoreData);
        settings["Kms__Tickets__PublicKeys__0"] = TicketKey;
        return settings;
    }

    private Dictionary<string, string> Common(string dataDirectory) =>
        new(options.Settings, StringComparer.Ordinal) { ["Kms__DataDirectory"] = dataDirectory };
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Hosting.Http;
using KmsGateway.Gateway.Hosting.Tls;
using KmsGateway.Gateway.Wire;
using KmsGateway.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class GatewayServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Start_OnFreePorts_PrintsWhereEverythingIs()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule
        {
            Start = (services, _) =>
            {
                services.GetRequiredService<Gateway.Hosting.StartupReport>().Add("root access key", "in a file");
                return Task.CompletedTask;
            },
        });
        var data = gateway.Running.Data.Path;

        Assert.Matches(@"^KmsGateway \d+\.\d+\.\d+\n", gateway.Output.ToString());
        Assert.EndsWith(
            $"""
              data directory:  {data}
              listening on:    http://127.0.0.1:{gateway.Http.Port}
              listening on:    https://127.0.0.1:{gateway.Https.Port}
              management:      http://127.0.0.1:{gateway.Management.Port}
              CA certificate:  {data}/tls/ca.pem
              root access key: in a file
            Ready.

            """,
            gateway.Output.ToString(),
            StringComparison.Ordinal);
        Assert.Equal("", gateway.Error.ToString());
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Start_HttpOnly_MakesNoCa()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule(), "--urls=http://127.0.0.1:0");

        Assert.False(Directory.Exists(gateway.Running.Data.FilePath("tls")));
        Assert.DoesNotContain("CA certificate", gateway.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ModuleRefuses_ExitsWithItsCodeAndSentence()
    {
        var module = new TestModule { Start = (_, _) => throw new StartupException(70, "keys.db is there but root.key is not.") };

        Assert.Equal((70, "keys.db is there but root.key is not.\n"), await HostedGateway.RefusedAsync(module));
    }

    [Fact]
    public async Task Start_AddressTaken_Exits70NamingIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var (exitCode, error) = await HostedGateway.RefusedAsync(new TestModule(), $"--urls={address}");
        Assert.Equal((70, $"Cannot listen: Failed to bind to address {address}: address already in use.\n"), (exitCode, error));

        (exitCode, error) = await HostedGateway.RefusedAsync(new TestModule(), $"--Kms:Management:Url={address}");
        Assert.Equal((70, $"Cannot listen: Failed to bind to address {address}: address already in use.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_Exits70NamingIt()
    {
        var (exitCode, error) = await HostedGateway.RefusedAsync(new TestModule(), "--urls=https://192.0.2.1:0");

        Assert.Equal(70, exitCode);
        Assert.StartsWith("Cannot listen on https://192.0.2.1:0: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DataDirectoryInUse_Exits70NamingTheHolder()
    {
        await using var first = await HostedGateway.StartAsync(new TestModule());
        var data = first.Running.Data.Path;

        var (exitCode, error) = await HostedGateway.RefusedAsync(new TestModule(), $"--Kms:DataDirectory={data}");

        Assert.Equal(70, exitCode);
        Assert.Matches($"^The data directory {Regex.Escape(data)} is in use by KmsGateway .+ \\(process [0-9]+\\)\\.\n$", error);
    }

    [Fact]
    public async Task Start_DataDirectoryIsAFile_Exits70()
    {
        using var directory = new TempDirectory();
        await File.WriteAllTextAsync(directory.File("data"), "");

        var (exitCode, error) = await HostedGateway.RefusedAsync(new TestModule(), $"--Kms:DataDirectory={directory.File("data")}");

        Assert.Equal(70, exitCode);
        Assert.StartsWith($"The data directory {directory.File("data")} cannot be opened: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PlainHttpOutsideLoopback_Exits64()
    {
        var (exitCode, error) = await HostedGateway.RefusedAsync(new TestModule(), "--urls=http://0.0.0.0:0");

        Assert.Equal(64, exitCode);
        Assert.Equal("urls serves plain http on \"http://0.0.0.0:0\", which is not loopback; use https, or set Kms:AllowPlainHttp=true.\n", error);
    }

    [Fact]
    public async Task Start_PlainHttpOutsideLoopbackAllowed_Serves()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule(), "--urls=http://0.0.0.0:0", "--Kms:AllowPlainHttp=true");

        Assert.Equal("{}", await gateway.Client.GetStringAsync(new Uri($"http://127.0.0.1:{gateway.Http.Port}/")));
    }

    [Fact]
    public async Task Start_CertificateThatDoesNotFit_Exits64()
    {
        using var directory = new TempDirectory();
        await File.WriteAllTextAsync(directory.File("server.pem"), "nothing");

        var (exitCode, error) = await HostedGateway.RefusedAsync(
            new TestModule(), $"--Kms:Tls:CertificateFile={directory.File("server.pem")}", $"--Kms:Tls:KeyFile={directory.File("server.pem")}");

        Assert.Equal(64, exitCode);
        Assert.StartsWith($"The certificate in {directory.File("server.pem")} with the key in ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileStarting_Exits0()
    {
        var starting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = HostedGateway.Begin(new TestModule
        {
            Start = (_, cancellationToken) =>
            {
                starting.SetResult();
                return new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            },
        });

        await starting.Task.WaitAsync(Patience);
        Assert.Equal(0, await gateway.StopAsync());
        Assert.Equal(("", ""), (gateway.Output.ToString(), gateway.Error.ToString()));
    }

    [Fact]
    public async Task Management_WhileStarting_IsLiveAndNotReady()
    {
        // Why: the port must be known before the server says which it took; nothing else uses this loopback address.
        var management = new Uri("http://127.0.0.8:48751");
        var states = new List<(HttpStatusCode Live, HttpStatusCode Ready, string Body)>();
        var module = new TestModule
        {
            Start = async (_, cancellationToken) =>
            {
                using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
                using var live = await client.GetAsync(new Uri(management, HealthEndpoints.Live), cancellationToken);
                using var ready = await client.GetAsync(new Uri(management, HealthEndpoints.Ready), cancellationToken);
                states.Add((live.StatusCode, ready.StatusCode, await ready.Content.ReadAsStringAsync(cancellationToken)));
            },
        };
        await using var gateway = await HostedGateway.StartAsync(module, $"--Kms:Management:Url={management.GetLeftPart(UriPartial.Authority)}");

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, """{"status":"not ready","conditions":{"startup":"starting"}}"""), Assert.Single(states));
    }

    [Fact]
    public async Task Ready_ConditionUnmet_TellsTheReasonToTheOperatorOnly()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());
        gateway.Running.Services.GetRequiredService<Readiness>().Set("core", isOk: false, "core.internal:8760 does not answer");

        using var main = await gateway.Client.GetAsync(new Uri(gateway.Http, HealthEndpoints.Ready));
        using var management = await gateway.Client.GetAsync(new Uri(gateway.Management, HealthEndpoints.Ready));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, main.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, management.StatusCode);
        Assert.Equal("""{"status":"not ready","conditions":{"core":"not ok","startup":"ok"}}""", await main.Content.ReadAsStringAsync());
        Assert.Equal(
            """{"status":"not ready","conditions":{"core":"core.internal:8760 does not answer","startup":"ok"}}""", await management.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Health_Asked_IsNeverCached()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());

        foreach (var address in new[] { gateway.Http, gateway.Management })
        {
            using var live = await gateway.Client.GetAsync(new Uri(address, HealthEndpoints.Live));
            Assert.Equal("""{"status":"live"}""", await live.Content.ReadAsStringAsync());
            Assert.True(live.Headers.CacheControl!.NoStore);
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(address, HealthEndpoints.Ready));
            using var head = await gateway.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal("", await head.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Metrics_Asked_AreOnTheManagementAddressOnly()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());
        using var management = await gateway.Client.GetAsync(new Uri(gateway.Management, "/metrics"));
        using var main = await gateway.Client.GetAsync(new Uri(gateway.Http, "/metrics"));
        using var api = await gateway.Client.GetAsync(new Uri(gateway.Management, "/"));

        var text = await management.Content.ReadAsStringAsync();
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", management.Content.Headers.ContentType!.ToString());
        Assert.Contains("\nkmsgateway_ready 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"\nkmsgateway_build_info{{version=\"{Gateway.Hosting.ProgramVersion.Text}\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nkmsgateway_tls_certificate_remaining_seconds 3", text, StringComparison.Ordinal);
        Assert.Contains("\nprocess_start_time_seconds ", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            Assert.Matches(@"^(# (HELP|TYPE) [a-zA-Z_][a-zA-Z0-9_]* .+|[a-zA-Z_][a-zA-Z0-9_]*(\{.*\})? [-+0-9.eEIinfNa]+)$", line));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (main.StatusCode, api.StatusCode));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Tls_UnderTheLocalCa_IsTrustedByThoseWhoTrustTheCa(SslProtocols protocol)
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());
        using var ca = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(gateway.Running.Data.FilePath("tls/ca.pem")));
        foreach (var host in new[] { "127.0.0.1", "::1", "localhost", Dns.GetHostName() })
        {
            using var stream = await ConnectAsync(gateway.Https.Port, host, ca, protocol);
            Assert.Equal((protocol, SslApplicationProtocol.Http2), (stream.SslProtocol, stream.NegotiatedApplicationProtocol));
        }
    }

    [Fact]
    public async Task Tls_CertificateConfigured_ReplacesTheLocalCa()
    {
        using var directory = new TempDirectory();
        using var elsewhere = DataDirectory.Open(directory.File("elsewhere"), "test");
        new LocalCertificateAuthority(elsewhere, ["kms.example.test"], TimeProvider.System).Load();
        await using var gateway = await HostedGateway.StartAsync(
            new TestModule(),
            $"--Kms:Tls:CertificateFile={elsewhere.FilePath("tls/server.pem")}",
            $"--Kms:Tls:KeyFile={elsewhere.FilePath("tls/server.key")}");
        using var ca = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(elsewhere.FilePath("tls/ca.pem")));

        using var stream = await ConnectAsync(gateway.Https.Port, "kms.example.test", ca, SslProtocols.None);

        Assert.True(stream.IsAuthenticated);
        Assert.False(Directory.Exists(gateway.Running.Data.FilePath("tls")));
        Assert.DoesNotContain("CA certificate", gateway.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_Of11_IsRefused()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());
        using var ca = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(gateway.Running.Data.FilePath("tls/ca.pem")));

#pragma warning disable CA5397, SYSLIB0039, S4423 // the old version is offered to see it refused
        var exception = await Record.ExceptionAsync(() => ConnectAsync(gateway.Https.Port, "127.0.0.1", ca, SslProtocols.Tls11));
#pragma warning restore CA5397, SYSLIB0039, S4423
        Assert.True(exception is AuthenticationException or IOException, exception?.ToString());
    }

    [Fact]
    public async Task Tls_ByHttp2_ServesTheApiAndItsLimits()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());
        using var ca = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(gateway.Running.Data.FilePath("tls/ca.pem")));
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(ca) } })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var atLimit = await client.GetAsync(new Uri(gateway.Https, "/?" + new string('a', WireLimits.MaxTargetBytes - 2)));
        using var beyond = await client.GetAsync(new Uri(gateway.Https, "/?" + new string('a', WireLimits.MaxTargetBytes - 1)));
        using var elsewhere = await client.GetAsync(new Uri(gateway.Https, "/elsewhere"));

        Assert.Equal((200, 414, 404), ((int)atLimit.StatusCode, (int)beyond.StatusCode, (int)elsewhere.StatusCode));
    }

    [Fact]
    public async Task Stop_RequestInFlight_IsAnsweredWhileReadyIsRed()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await HostedGateway.StartAsync(new TestModule
        {
            Answer = async context =>
            {
                arrived.SetResult();
                await release.Task;
                await context.Response.WriteAsync("finished");
            },
        });
        gateway.Running.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        var request = gateway.Client.GetStringAsync(gateway.Http);
        await arrived.Task.WaitAsync(Patience);
        var exit = gateway.StopAsync();
        await stopping.Task.WaitAsync(Patience);
        using var ready = await gateway.Client.GetAsync(new Uri(gateway.Management, HealthEndpoints.Ready));
        using var live = await gateway.Client.GetAsync(new Uri(gateway.Management, HealthEndpoints.Live));
        Assert.False(exit.IsCompleted);
        release.SetResult();

        Assert.Equal("finished", await request);
        Assert.Equal(0, await exit);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready.StatusCode, live.StatusCode));
        Assert.Equal("""{"status":"not ready","conditions":{"shutdown":"stopping","startup":"ok"}}""", await ready.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Stop_RequestThatDoesNotEnd_IsAbortedAfterTenSeconds()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new TickingClock(TimeProvider.System.GetUtcNow());
        var module = new TestModule
        {
            Answer = async context =>
            {
                arrived.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
            },
        };
        await using var gateway = await HostedGateway.StartAsync(clock, module);
        gateway.Running.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        var request = gateway.Client.GetStringAsync(gateway.Http);
        await arrived.Task.WaitAsync(Patience);
        var exit = gateway.StopAsync();
        await stopping.Task.WaitAsync(Patience);
        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(request.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAsync<HttpRequestException>(() => request);
        Assert.Equal(0, await exit);
    }

    [Fact]
    public async Task Stop_Afterwards_TheDataDirectoryIsFree()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());
        Assert.Equal(0, await gateway.StopAsync());

        using var again = DataDirectory.Open(gateway.Running.Data.Path, "test");
        Assert.NotNull(again);
    }

    [Fact]
    public async Task BackgroundPart_Failing_StopsTheServerWith70()
    {
        var fail = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var gateway = await HostedGateway.StartAsync(
            new TestModule { Services = services => services.AddSingleton<IHostedService>(new FailingPart(fail.Task)) });

        fail.SetResult();

        Assert.Equal(70, await gateway.ExitAsync());
        Assert.Equal("The server stopped because FailingPart failed: broken\n", gateway.Error.ToString());
    }

    private static async Task<SslStream> ConnectAsync(int port, string host, X509Certificate2 ca, SslProtocols protocol)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = protocol,
            CertificateChainPolicy = Trusting(ca),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        });
        return stream;
    }

    private static X509ChainPolicy Trusting(X509Certificate2 ca)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(ca);
        return policy;
    }

    private sealed class FailingPart(Task trigger) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await trigger.WaitAsync(stoppingToken);
            throw new InvalidOperationException("broken");
        }
    }
}

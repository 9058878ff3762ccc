using System.Text.RegularExpressions;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

/// <summary>The built program as a process, and other programs that trust its CA.</summary>
public sealed partial class ProcessTests : IDisposable
{
    private static readonly Dictionary<string, string> FreePorts = new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0;https://127.0.0.1:0",
        ["Kms__Management__Url"] = "http://127.0.0.1:0",
        ["ASPNETCORE_HTTP_PORTS"] = "8080",
    };

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_Received_StopsWith0(string signal)
    {
        using var gateway = ProgramProcess.Gateway(directory.Path, FreePorts);
        await gateway.ReadUntilAsync("Ready.");

        using var kill = ProgramProcess.Start("kill", directory.Path, FreePorts, $"-{signal}", $"{gateway.Id}");
        Assert.Equal(0, (await kill.EndAsync()).ExitCode);

        Assert.Equal((0, "", ""), await gateway.EndAsync());
    }

    [Fact]
    public async Task DataDirectory_Default_IsInTheCallersDirectory()
    {
        using var gateway = ProgramProcess.Gateway(directory.Path, FreePorts);

        var text = await gateway.ReadUntilAsync("Ready.");

        Assert.Contains($"{directory.File("data")}\n", text, StringComparison.Ordinal);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.File("data")));
    }

    [Fact]
    public async Task Start_TwiceInOneDirectory_TheSecondExits70AndTheFirstGoesOn()
    {
        using var first = ProgramProcess.Gateway(directory.Path, FreePorts);
        var text = await first.ReadUntilAsync("Ready.");

        using var second = ProgramProcess.Gateway(directory.Path, FreePorts);
        var (exitCode, output, error) = await second.EndAsync();
        Assert.Equal((70, ""), (exitCode, output));
        Assert.StartsWith($"The data directory {directory.File("data")} is in use by ", error, StringComparison.Ordinal);

        using var health = ProgramProcess.Gateway(directory.Path, FreePorts, "health", $"--Kms:Management:Url={ManagementLine().Match(text).Value}");
        Assert.Equal(0, (await health.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Settings_Wrong_Exit64()
    {
        using var gateway = ProgramProcess.Gateway(directory.Path, FreePorts, "--Kms:Store=MySql");

        Assert.Equal((64, "", "Kms:Store must be Sqlite; it is \"MySql\".\n"), await gateway.EndAsync());
        Assert.False(Directory.Exists(directory.File("data")));
    }

    [Fact]
    public async Task OpenSsl_GivenTheCa_VerifiesTheServer()
    {
        using var gateway = ProgramProcess.Gateway(directory.Path, FreePorts);
        var port = HttpsLine().Match(await gateway.ReadUntilAsync("Ready.")).Value;
        var ca = directory.File("data/tls/ca.pem");

        using var verify = ProgramProcess.Start(
            "openssl", directory.Path, FreePorts, "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", ca, directory.File("data/tls/server.pem"));
        Assert.Equal((0, $"{directory.File("data/tls/server.pem")}: OK\n", ""), await verify.EndAsync());

        using var client = ProgramProcess.Start(
            "openssl", directory.Path, FreePorts,
            "s_client", "-connect", $"127.0.0.1:{port}", "-CAfile", ca, "-verify_return_error", "-verify_ip", "127.0.0.1", "-x509_strict");
        var (exitCode, output, _) = await client.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0, "200\n")]
    [InlineData(false, 1, "")]
    public async Task Node_ByItsExtraCaVariable_TrustsTheServer(bool hasCa, int exitCode, string output)
    {
        using var gateway = ProgramProcess.Gateway(directory.Path, FreePorts);
        var port = HttpsLine().Match(await gateway.ReadUntilAsync("Ready.")).Value;
        var environment = new Dictionary<string, string>(FreePorts, StringComparer.Ordinal)
        {
            ["NODE_EXTRA_CA_CERTS"] = hasCa ? directory.File("data/tls/ca.pem") : "",
        };
        var script = $"require('https').get('https://localhost:{port}/healthz/live', r => {{ console.log(r.statusCode); r.resume(); }}).on('error', () => process.exit(1))";

        using var node = ProgramProcess.Start("node", directory.Path, environment, "-e", script);
        var ended = await node.EndAsync();

        Assert.Equal((exitCode, output), (ended.ExitCode, ended.Output));
    }

    [Theory]
    [InlineData("json", @"^\{""Timestamp"":""[0-9T:.-]+Z"",""EventId"":\d+,""LogLevel"":""Information""")]
    [InlineData("text", @"^[0-9T:-]+Z info: ")]
    public async Task Log_Format_IsAsSet(string format, string pattern)
    {
        using var gateway = ProgramProcess.Gateway(
            directory.Path, FreePorts, $"--Kms:Log:Format={format}", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information");
        await gateway.ReadUntilAsync("Ready.");
        using var kill = ProgramProcess.Start("kill", directory.Path, FreePorts, "-TERM", $"{gateway.Id}");
        await kill.EndAsync();
        var (exitCode, output, error) = await gateway.EndAsync();

        Assert.Equal((0, ""), (exitCode, output));
        Assert.Matches(pattern, error);
    }

    [GeneratedRegex(@"(?<=https://127\.0\.0\.1:)\d+", RegexOptions.None, 1000)]
    private static partial Regex HttpsLine();

    [GeneratedRegex(@"(?<=management: +)\S+", RegexOptions.None, 1000)]
    private static partial Regex ManagementLine();
}

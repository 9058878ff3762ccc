using KmsGateway.Gateway.Hosting;
using Xunit;

namespace KmsGateway.Gateway.Tests.Hosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--Kms:Region=nowhere!", "--help")]
    public async Task Help_Asked_ListsEverySetting(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);

        Assert.Equal((0, ""), (exitCode, error));
        GoldenText.Check("help.txt", output);
    }

    [Fact]
    public async Task Version_Asked_IsTheProgramsVersion()
    {
        var (exitCode, output, error) = await RunAsync("--version");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", output);
    }

    [Theory]
    [InlineData("--url=http://127.0.0.1:1", "The argument \"--url\" is unknown; the nearest known one is --urls.")]
    [InlineData("--versoin", "The argument \"--versoin\" is unknown; the nearest known one is --version.")]
    [InlineData("--KmsRegion=cn-beijing", "The argument \"--KmsRegion\" is unknown; the nearest known one is --Kms:Region.")]
    [InlineData("-x", "The argument \"-x\" is unknown; the nearest known one is --help.")]
    [InlineData("--Kms:Regoin=cn-beijing", "The setting \"Kms:Regoin\" in the command line is unknown; the nearest known name is Kms:Region.")]
    [InlineData("--kms:tls:name=a.test", "The setting \"kms:tls:name\" in the command line is unknown; the nearest known name is Kms:Tls:Names.")]
    [InlineData("--Kms:Tls:Names:x=a.test", "The setting \"Kms:Tls:Names:x\" in the command line is unknown; the nearest known name is Kms:Tls:Names.")]
    [InlineData("--Kms:Region:0=cn-beijing", "The setting \"Kms:Region:0\" in the command line is unknown; the nearest known name is Kms:Region.")]
    [InlineData("--Kms:Region", "The argument \"--Kms:Region\" needs a value.")]
    [InlineData("dmeo-health", "The command \"dmeo-health\" is unknown; the nearest known one is health.")]
    public async Task Argument_Unknown_Exits64NamingTheNearest(string argument, string fault)
    {
        var (exitCode, output, error) = await RunAsync(argument);

        Assert.Equal((64, "", fault + "\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Argument_WithoutItsValueBeforeAnother_NeedsAValue()
    {
        var (exitCode, _, error) = await RunAsync("--Kms:Region", "--Kms:Store=Sqlite");

        Assert.Equal((64, "The argument \"--Kms:Region\" needs a value.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Argument_GivenTwice_IsAFault()
    {
        var (exitCode, _, error) = await RunAsync("--Kms:Region=cn-beijing", "--kms:region", "cn-hangzhou");

        Assert.Equal((64, "The argument \"--kms:region\" is given twice.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Argument_WithControlCharacters_IsShownWithoutThem()
    {
        var (exitCode, _, error) = await RunAsync("--\u001b[2Jurls");

        Assert.Equal(64, exitCode);
        Assert.DoesNotContain('\u001b', error);
    }

    [Fact]
    public async Task Verb_Help_ExplainsTheVerb()
    {
        var (exitCode, output, error) = await RunAsync("health", "--help");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("Ask the server that runs with these settings whether it is ready", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_NoServer_Exits1()
    {
        // Port 1 is privileged and unused: nothing listens there.
        var (exitCode, output, error) = await RunAsync("health", "--Kms:Management:Url=http://127.0.0.1:1");

        Assert.Equal((1, "", "No server answers at http://127.0.0.1:1/healthz/ready.\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Health_UnknownArgument_Exits64()
    {
        var (exitCode, _, error) = await RunAsync("health", "--urlz=x");

        Assert.Equal((64, "The argument \"--urlz\" is unknown; the nearest known one is --urls.\n"), (exitCode, error));
    }

    [Fact]
    public async Task Health_ServerReady_Exits0()
    {
        await using var gateway = await HostedGateway.StartAsync(new TestModule());

        var (exitCode, output, error) = await RunAsync("health", $"--Kms:Management:Url=http://0.0.0.0:{gateway.Management.Port}", "--Kms:AllowPlainHttp=true");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal("""{"status":"ready","conditions":{"startup":"ok"}}""" + "\n", output);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = await GatewayHost.RunAsync(arguments, output, error, TimeProvider.System, CancellationToken.None);
        return (exitCode, output.ToString(), error.ToString());
    }
}

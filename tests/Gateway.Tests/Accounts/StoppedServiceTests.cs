using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Accounts;

/// <summary>Commands over a data directory that no service holds, or that one holds without answering.</summary>
public sealed class StoppedServiceTests : IDisposable
{
    private const string Team = "2000000000000002";

    private readonly TempDirectory directory = new();

    private string Data => directory.File("data");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Accounts_ServiceStopped_WorkOnItsDatabaseAndHoldAtTheNextStart()
    {
        await (await StartAsync()).DisposeAsync();
        Assert.False(File.Exists(Path.Combine(Data, "control.sock")));
        var made = (await OperatorCommands.RunAsync(Data, "accounts", "create", "--account-id", Team, "--format", "json", "--show-secret")).Json;
        var rotated = (await OperatorCommands.RunAsync(Data, "accounts", "rotate-root", Team, "--format", "json", "--show-secret")).Json;
        var list = (await OperatorCommands.RunAsync(Data, "accounts", "list", "--format", "json")).Json["accounts"]!.AsArray();
        Assert.Equal([ApiGateway.Account, Team], list.Select(account => (string)account!["accountId"]!));

        await using var again = await StartAsync();
        Assert.Equal("InvalidAccessKeyId.NotFound", (await IdentityAsync(again, made)).Code);
        Assert.Equal(Team, (await IdentityAsync(again, rotated))["AccountId"]);
    }

    [Fact]
    public async Task Socket_LeftByAKilledService_DoesNotKeepTheNextFromStarting()
    {
        await (await StartAsync()).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "control.sock"), "left");
        await using var again = await StartAsync();
        Assert.Equal(0, (await OperatorCommands.RunAsync(Data, "accounts", "list")).ExitCode);
    }

    [Fact]
    public async Task Command_WhereNoServiceEverWas_Exits70AndMakesNothing()
    {
        var outcome = await OperatorCommands.RunAsync(Data, "accounts", "list");
        Assert.Equal((70, $"There is no service in {Data}: start it once first.\n"), (outcome.ExitCode, outcome.Error));
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Command_DirectoryHeldButNoSocket_Exits70NamingTheHolder()
    {
        await (await StartAsync()).DisposeAsync();
        using var held = KmsGateway.Core.Hosting.DataDirectory.Open(Data, "somebody");
        var outcome = await OperatorCommands.RunAsync(Data, "accounts", "list");
        Assert.Equal(70, outcome.ExitCode);
        Assert.Contains("is in use by somebody", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("Commands cannot reach it: it does not answer on its control socket; it may be starting or stopping.\n", outcome.Error, StringComparison.Ordinal);
    }

    private Task<ApiGateway> StartAsync() => ApiGateway.StartAsync($"--Kms:DataDirectory={Data}");

    private static Task<ApiAnswer> IdentityAsync(ApiGateway gateway, System.Text.Json.Nodes.JsonNode key) => gateway.CallAsync(
        new ApiCaller((string)key["accessKeyId"]!, (string)key["accessKeySecret"]!), ActionCatalogue.StsVersion, "GetCallerIdentity");
}

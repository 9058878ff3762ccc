using System.Text.Json.Nodes;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Accounts;

/// <summary><c>accounts</c> beside a running service: what a command did holds for the next request.</summary>
public sealed class AccountCommandTests : IAsyncLifetime
{
    private const string Team = "2000000000000002";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private ApiGateway gateway = null!;

    private string Data => gateway.Hosted.Running.Data.Path;

    public async Task InitializeAsync() => gateway = await ApiGateway.StartAsync();

    public Task DisposeAsync() => gateway.DisposeAsync().AsTask();

    [Fact]
    public async Task Create_WithAnId_MakesAnAccountWhoseRootKeyWorks()
    {
        var team = await CreateAsync("--account-id", Team, "--name", "the team");
        var identity = await gateway.CallAsync(team, ActionCatalogue.StsVersion, "GetCallerIdentity");
        Assert.Equal((Team, "Account"), (identity["AccountId"], identity["IdentityType"]));
        Assert.Equal("OK", (await gateway.KmsAsync(team, "CreateKey")).Code);
    }

    [Fact]
    public async Task Create_WithoutAnId_GeneratesOne()
    {
        var made = (await RunAsync("accounts", "create", "--format", "json", "--show-secret")).Json;
        Assert.Matches("^[1-9][0-9]{15}$", (string)made["accountId"]!);
        Assert.Matches("^LTAI[A-Za-z0-9]{20}$", (string)made["accessKeyId"]!);
    }

    [Fact]
    public async Task Disable_AccountWithAUser_RefusesEveryKeyFromTheNextRequestOnUntilEnabled()
    {
        var team = await CreateAsync("--account-id", Team);
        Assert.Equal("OK", (await gateway.CallAsync(team, ActionCatalogue.RamVersion, "CreateUser", ("UserName", "ann"))).Code);
        var key = await gateway.CallAsync(team, ActionCatalogue.RamVersion, "CreateAccessKey", ("UserName", "ann"));
        var ann = new ApiCaller(key["AccessKey", "AccessKeyId"], key["AccessKey", "AccessKeySecret"]);

        Assert.Equal(["OK", "OK", "OK"], await CodesAsync(team, ann, gateway.Root));
        Assert.Equal($"account {Team} is Disabled\n", (await RunAsync("accounts", "disable", Team)).Output);
        Assert.Equal(["InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.Inactive", "OK"], await CodesAsync(team, ann, gateway.Root));
        Assert.Equal($"account {Team} is Disabled\n", (await RunAsync("accounts", "disable", Team)).Output);
        Assert.Equal($"account {Team} is Active\n", (await RunAsync("accounts", "enable", Team)).Output);
        Assert.Equal(["OK", "OK", "OK"], await CodesAsync(team, ann, gateway.Root));
    }

    [Fact]
    public async Task RotateRoot_OldKeyUsedBefore_RefusesItFromTheNextRequestOn()
    {
        var old = await CreateAsync("--account-id", Team);
        Assert.Equal(["OK"], await CodesAsync(old));
        var rotated = Caller((await RunAsync("accounts", "rotate-root", Team, "--format", "json", "--show-secret")).Json);
        Assert.NotEqual(old.AccessKeyId, rotated.AccessKeyId);
        Assert.Equal(["InvalidAccessKeyId.NotFound", "OK"], await CodesAsync(old, rotated));
    }

    [Fact]
    public async Task Create_OutputIsNoTerminal_WritesTheSecretToAFileOfTheOwnerAndShowsItNowhere()
    {
        var made = (await RunAsync("accounts", "create", "--account-id", Team, "--format", "json")).Json;
        var path = (string)made["accessKeyFile"]!;
        Assert.Equal(Path.Combine(Data, $"root-access-key-{Team}.json"), path);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Null(made["accessKeySecret"]);
        var file = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        Assert.Equal(["OK"], await CodesAsync(new ApiCaller((string)file["AccessKeyId"]!, (string)file["AccessKeySecret"]!)));
        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains((string)file["AccessKeySecret"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RotateRoot_OnATerminalWhereAFileOfTheOldKeyLies_ShowsTheSecretOnceAndRenewsTheFile()
    {
        var path = (string)(await RunAsync("accounts", "create", "--account-id", Team, "--format", "json")).Json["accessKeyFile"]!;
        var outcome = await OperatorCommands.RunAsync(Data, isTerminal: true, "accounts", "rotate-root", Team);
        var file = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        Assert.Equal(
            $"account               {Team}\nroot AccessKeyId      {file["AccessKeyId"]}\nroot AccessKeySecret  {file["AccessKeySecret"]}   (shown once)\n",
            outcome.Output);
    }

    [Fact]
    public async Task List_TwoAccounts_ShowsStatusKeysLastUseAndCounts()
    {
        var team = await CreateAsync("--account-id", Team, "--name", "the team");
        Assert.Equal("OK", (await gateway.CallAsync(team, ActionCatalogue.RamVersion, "CreateUser", ("UserName", "ann"))).Code);
        Assert.Equal(0, (await RunAsync("accounts", "disable", Team)).ExitCode);
        var accounts = (await RunAsync("accounts", "list", "--format", "json")).Json["accounts"]!.AsArray();
        Assert.Equal([ApiGateway.Account, Team], accounts.Select(account => (string)account!["accountId"]!));
        Assert.Equal(("Active", "testAkRoot0000000001"), ((string)accounts[0]!["status"]!, (string)accounts[0]!["rootAccessKeyIds"]![0]!));
        Assert.Null((string?)accounts[0]!["rootLastUsed"]);
        Assert.Equal(("Disabled", "the team", 1L), ((string)accounts[1]!["status"]!, (string)accounts[1]!["name"]!, (long)accounts[1]!["users"]!));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", (string)accounts[1]!["rootLastUsed"]!);
        var lines = (await RunAsync("accounts", "list")).Output.Split('\n');
        Assert.Matches($"^{Team}  Disabled .* {team.AccessKeyId} .* the team$", lines[2]);
    }

    [Theory]
    [InlineData(64, "--account-id must be 16 digits, the first not 0; it is \"123\".", "create", "--account-id", "123")]
    [InlineData(64, "--account-id must be 16 digits, the first not 0; it is \"0000000000000001\".", "create", "--account-id", "0000000000000001")]
    [InlineData(64, "--name must have at most 64 characters and no control characters; it is \"a?b\".", "create", "--name", "a\tb")]
    [InlineData(64, "account must be 16 digits, the first not 0; it is \"me\".", "disable", "me")]
    [InlineData(64, "The argument \"--acount-id\" is unknown; the nearest known one is --urls.", "create", "--acount-id=1")]
    [InlineData(1, "The account 1234567890123456 exists already.", "create", "--account-id", "1234567890123456")]
    [InlineData(1, "The account 9999999999999999 does not exist.", "disable", "9999999999999999")]
    [InlineData(1, "The account 9999999999999999 does not exist.", "enable", "9999999999999999")]
    [InlineData(1, "The account 9999999999999999 does not exist.", "rotate-root", "9999999999999999")]
    public async Task Command_Wrong_SaysWhatAndExits(int exitCode, string fault, params string[] arguments)
    {
        var outcome = await RunAsync(["accounts", .. arguments]);
        Assert.Equal((exitCode, "", fault + "\n"), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Theory]
    [InlineData("create")]
    [InlineData("list")]
    [InlineData("disable")]
    [InlineData("enable")]
    [InlineData("rotate-root")]
    public async Task Command_Help_Exits0(string verb)
    {
        var outcome = await RunAsync("accounts", verb, "--help");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("--format", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_AtItsLimit_IsTakenAndOnePastItIsRefused()
    {
        Assert.Equal(0, (await RunAsync("accounts", "create", "--name", new string('n', 64))).ExitCode);
        Assert.Equal(64, (await RunAsync("accounts", "create", "--name", new string('n', 65))).ExitCode);
    }

    [Fact]
    public void Socket_OfARunningService_IsTheOwnersOnly() =>
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(Data, "control.sock")));

    private Task<CommandOutcome> RunAsync(params string[] arguments) => OperatorCommands.RunAsync(Data, arguments);

    private async Task<ApiCaller> CreateAsync(params string[] options) =>
        Caller((await RunAsync(["accounts", "create", "--format", "json", "--show-secret", .. options])).Json);

    private static ApiCaller Caller(JsonNode result) => new((string)result["accessKeyId"]!, (string)result["accessKeySecret"]!);

    private async Task<string[]> CodesAsync(params ApiCaller[] callers)
    {
        var codes = new List<string>();
        foreach (var caller in callers)
        {
            codes.Add((await gateway.CallAsync(caller, ActionCatalogue.StsVersion, "GetCallerIdentity")).Code);
        }

        return [.. codes];
    }
}

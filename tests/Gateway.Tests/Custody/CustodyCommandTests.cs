using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Accounts;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Custody;

/// <summary><c>backup</c>, <c>restore</c> and <c>rewrap</c>, beside a running service and over a stopped one.</summary>
public sealed class CustodyCommandTests : IAsyncLifetime, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempDirectory directory = new();
    private ApiGateway? gateway;

    private ApiGateway Running => gateway!;

    private string Data => directory.File("data");

    private string Restored => directory.File("restored");

    private string Backup => directory.File("backup");

    private string RootKey => Path.Combine(Data, "root.key");

    public async Task InitializeAsync() => gateway = await StartAsync(Data);

    public async Task DisposeAsync()
    {
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }
    }

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Backup_UnderWrites_HoldsEveryKeyAndUserAcknowledgedBeforeIt()
    {
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var users = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(writer => WriteAsync(acknowledged, users, $"w{writer}", enough.Token)).ToArray();
        await UntilAsync(() => acknowledged.Count >= 30);
        var before = acknowledged.ToArray();
        var usersBefore = users.Keys.ToArray();

        var result = (await RunAsync(Data, "backup", Backup, "--format", "json")).Json;
        await enough.CancelAsync();
        await Task.WhenAll(writers);

        Assert.Equal(["keys.db", "ram.db"], result["files"]!.AsArray().Select(file => (string)file!["name"]!));
        Assert.Equal(["keys.db", "manifest.json", "ram.db"], Directory.EnumerateFiles(Backup).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.EnumerateFiles(Backup), file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Backup));
        Assert.Equal(0, (await RunAsync(Restored, "restore", Backup, "--root-key", RootKey)).ExitCode);
        await using var restored = await StartAsync(Restored);
        Assert.NotEmpty(usersBefore);
        foreach (var (blob, text) in before)
        {
            Assert.Equal(text, (await restored.KmsAsync(restored.Root, "Decrypt", ("CiphertextBlob", blob)))["Plaintext"]);
        }

        foreach (var user in usersBefore)
        {
            Assert.Equal("OK", (await restored.RamAsync("GetUser", ("UserName", user))).Code);
        }
    }

    [Fact]
    public async Task Restore_EndsTheSessionsOfBeforeAndNoAccessKey()
    {
        var user = await Running.CreateUserAsync("ann", """{"Effect":"Allow","Action":["sts:AssumeRole","kms:ListKeys"],"Resource":"*"}""");
        const string trust = $$$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::{{{ApiGateway.Account}}}:root"]}}]}""";
        Assert.Equal("OK", (await Running.RamAsync("CreateRole", ("RoleName", "ci"), ("AssumeRolePolicyDocument", trust))).Code);
        Assert.Equal("OK", (await Running.RamAsync("AttachPolicyToRole", ("RoleName", "ci"), ("PolicyName", "AliyunKMSFullAccess"), ("PolicyType", "System"))).Code);
        var opened = await Running.CallAsync(
            user, ActionCatalogue.StsVersion, "AssumeRole", ("RoleArn", $"acs:ram::{ApiGateway.Account}:role/ci"), ("RoleSessionName", "build"));
        var session = new ApiCaller(opened["Credentials", "AccessKeyId"], opened["Credentials", "AccessKeySecret"], opened["Credentials", "SecurityToken"]);
        Assert.Equal("OK", (await Running.KmsAsync(session, "ListKeys")).Code);
        Assert.Equal(0, (await RunAsync(Data, "backup", Backup, "--with-root-key")).ExitCode);
        await DisposeAsync();
        gateway = null;

        Assert.Equal(0, (await RunAsync(Restored, "restore", Backup)).ExitCode);
        await using var restored = await StartAsync(Restored);

        Assert.Equal("OK", (await restored.KmsAsync(user, "ListKeys")).Code);
        Assert.NotEqual("OK", (await restored.KmsAsync(session, "ListKeys")).Code);
    }

    [Fact]
    public async Task Restore_OfAStoppedService_GivesUsersTheirSecretsBack()
    {
        var user = await Running.CreateUserAsync("ann", """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var blob = (await Running.KmsAsync(user, "Encrypt", ("KeyId", await Running.CreateKeyAsync()), ("Plaintext", "kept")))["CiphertextBlob"];
        await DisposeAsync();
        gateway = null;

        Assert.Equal(0, (await RunAsync(Data, "backup", Backup, "--with-root-key")).ExitCode);
        var outcome = await RunAsync(Restored, "restore", Backup);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("proved         the root of epoch 1\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllBytesAsync(RootKey), await File.ReadAllBytesAsync(Path.Combine(Restored, "root.key")));
        await using var restored = await StartAsync(Restored);
        Assert.Equal("kept", (await restored.KmsAsync(user, "Decrypt", ("CiphertextBlob", blob)))["Plaintext"]);
    }

    [Fact]
    public async Task Rewrap_WhileServing_LeavesEveryCiphertextAndSecretGoodAndOldBackupsToTheOldRoot()
    {
        var user = await Running.CreateUserAsync("ann", """{"Effect":"Allow","Action":"kms:*","Resource":"*"}""");
        var blob = (await Running.KmsAsync(user, "Encrypt", ("KeyId", await Running.CreateKeyAsync()), ("Plaintext", "kept")))["CiphertextBlob"];
        var oldRoot = directory.File("old.key");
        File.Copy(RootKey, oldRoot);
        Assert.Equal(0, (await RunAsync(Data, "backup", Backup)).ExitCode);

        var result = (await RunAsync(Data, "rewrap", "--format", "json")).Json;

        Assert.Equal(2, (int)result["epoch"]!);
        Assert.Equal("kept", (await Running.KmsAsync(user, "Decrypt", ("CiphertextBlob", blob)))["Plaintext"]);
        var later = directory.File("later");
        Assert.Equal(0, (await RunAsync(Data, "backup", later)).ExitCode);
        var refusedNewRoot = await RunAsync(Restored, "restore", Backup, "--root-key", RootKey);
        Assert.Equal(
            (1, $"{RootKey} does not belong to the backup: the canary of epoch 1 does not open. A backup is opened by the root key of its time only; its manifest names the rootId.\n"),
            (refusedNewRoot.ExitCode, refusedNewRoot.Error));
        var refusedOldRoot = await RunAsync(Restored, "restore", later, "--root-key", oldRoot);
        Assert.Equal(1, refusedOldRoot.ExitCode);
        Assert.StartsWith($"{oldRoot} is the root of epoch 1, which rewrap replaced at ", refusedOldRoot.Error, StringComparison.Ordinal);
        Assert.Contains("the backup needs the root of epoch 2", refusedOldRoot.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Restored));

        Assert.Equal(0, (await RunAsync(Restored, "restore", Backup, "--root-key", oldRoot)).ExitCode);
        await using var restored = await StartAsync(Restored);
        Assert.Equal("kept", (await restored.KmsAsync(user, "Decrypt", ("CiphertextBlob", blob)))["Plaintext"]);
    }

    [Fact]
    public async Task Backup_OntoSomethingThatIsThere_IsRefusedAndTouchesNothing()
    {
        Directory.CreateDirectory(Backup);
        var outcome = await RunAsync(Data, "backup", Backup);
        Assert.Equal((1, $"{Backup} is there already; a backup overwrites nothing.\n"), (outcome.ExitCode, outcome.Error));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Backup));
        Directory.Delete(Backup);
        Directory.CreateDirectory(Backup + ".partial");
        Assert.Equal(1, (await RunAsync(Data, "backup", Backup)).ExitCode);
    }

    [Fact]
    public async Task Backup_WhereNothingCanBeWritten_Exits70AndLeavesNothing()
    {
        await File.WriteAllTextAsync(directory.File("file"), "no directory");
        var outcome = await RunAsync(Data, "backup", directory.File("file/backup"));
        Assert.Equal(70, outcome.ExitCode);
        Assert.Contains("cannot be written", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys.db", "is damaged: keys.db is not what the manifest says")]
    [InlineData("ram.db", "is damaged: ram.db is not what the manifest says")]
    [InlineData("manifest.json", "manifest.json is damaged")]
    public async Task Restore_FileWithAChangedByte_IsRefused(string name, string reason)
    {
        Assert.Equal(0, (await RunAsync(Data, "backup", Backup)).ExitCode);
        var path = Path.Combine(Backup, name);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[name == "manifest.json" ? 0 : bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        await RefusedAsync(reason, 1, "--root-key", RootKey);
    }

    [Theory]
    [InlineData("keys.db", "is incomplete: keys.db is missing")]
    [InlineData("ram.db", "is incomplete: ram.db is missing")]
    [InlineData("manifest.json", "it has no manifest.json")]
    public async Task Restore_FileMissing_IsRefused(string name, string reason)
    {
        Assert.Equal(0, (await RunAsync(Data, "backup", Backup)).ExitCode);
        File.Delete(Path.Combine(Backup, name));

        await RefusedAsync(reason, 1, "--root-key", RootKey);
    }

    [Theory]
    [InlineData("keys.db")]
    [InlineData("ram.db")]
    public async Task Restore_OfANewerSchema_IsRefused(string name)
    {
        Assert.Equal(0, (await RunAsync(Data, "backup", Backup)).ExitCode);
        Alter(name, "PRAGMA user_version = 999");

        await RefusedAsync($"{name} of the backup has schema 999", 1, "--root-key", RootKey);
    }

    [Fact]
    public async Task Restore_WithoutOrWithAForeignRoot_IsRefused()
    {
        Assert.Equal(0, (await RunAsync(Data, "backup", Backup)).ExitCode);
        var foreign = directory.File("foreign.key");
        await File.WriteAllBytesAsync(foreign, new byte[32]);

        await RefusedAsync("name it with --root-key FILE", 64);
        await RefusedAsync($"{foreign} does not belong to the backup", 1, "--root-key", foreign);
        await RefusedAsync("There is no root key /nowhere/root.key", 64, "--root-key", "/nowhere/root.key");
        await File.WriteAllBytesAsync(foreign, new byte[31]);
        await RefusedAsync("must hold exactly 32 bytes", 70, "--root-key", foreign);
    }

    [Fact]
    public async Task Restore_IntoADirectoryInUse_IsRefused()
    {
        Assert.Equal(0, (await RunAsync(Data, "backup", Backup)).ExitCode);
        var outcome = await RunAsync(Data, "restore", Backup, "--root-key", RootKey);
        Assert.Equal(70, outcome.ExitCode);
        Assert.StartsWith($"The data directory {Data} is not empty (it holds ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAnInterruptedRestore_IsRefused()
    {
        Directory.CreateDirectory(Restored);
        await File.WriteAllTextAsync(Path.Combine(Restored, "restore.unfinished"), "");
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(Restored));
        Assert.Contains("holds an interrupted restore; empty it and restore again", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup", "--with-root-key")]
    [InlineData("restore", "--root-key")]
    [InlineData("rewrap", "--format")]
    public async Task Command_Help_Exits0(string verb, string option)
    {
        var outcome = await RunAsync(Data, verb, "--help");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains(option, outcome.Output, StringComparison.Ordinal);
    }

    private static Task<ApiGateway> StartAsync(string data) => ApiGateway.StartAsync($"--Kms:DataDirectory={data}");

    private static Task<CommandOutcome> RunAsync(string data, params string[] arguments) => OperatorCommands.RunAsync(data, arguments);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(late.Token);
        }
    }

    private async Task RefusedAsync(string reason, int exitCode, params string[] options)
    {
        var outcome = await RunAsync(Restored, ["restore", Backup, .. options]);
        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Restored));
    }

    /// <summary>Changes a database of the backup, and the manifest so that only the change itself can be refused.</summary>
    private void Alter(string name, string sql)
    {
        var path = Path.Combine(Backup, name);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        var manifestPath = Path.Combine(Backup, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(manifestPath))!;
        var file = manifest["files"]!.AsArray().Single(each => (string)each!["name"]! == name)!;
        file["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
        file["bytes"] = new FileInfo(path).Length;
        File.WriteAllText(manifestPath, manifest.ToJsonString());
    }

    private async Task WriteAsync(ConcurrentDictionary<string, string> acknowledged, ConcurrentDictionary<string, bool> users, string mark, CancellationToken enough)
    {
        // Why at most so many: three writers stay below the quota of 200 keys
        for (var number = 0; number <= 50; number++)
        {
            var text = $"{mark}-{number}";
            var keyId = await Running.CreateKeyAsync();
            var sealedText = await Running.KmsAsync(Running.Root, "Encrypt", ("KeyId", keyId), ("Plaintext", text));
            acknowledged[sealedText["CiphertextBlob"]] = text;
            Assert.Equal("OK", (await Running.RamAsync("CreateUser", ("UserName", text))).Code);
            users[text] = true;
            if (enough.IsCancellationRequested)
            {
                return;
            }
        }
    }
}

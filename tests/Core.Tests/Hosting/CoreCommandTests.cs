using System.Runtime.InteropServices;
using KmsGateway.Core.Hosting;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.Hosting;

/// <summary>The commands of a core that is a process of its own, beside the running core and over a stopped one.</summary>
public sealed partial class CoreCommandTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly TestTickets tickets = new();

    private string Data => directory.File("data");

    private string Backup => directory.File("backup");

    private string Restored => directory.File("restored");

    public void Dispose()
    {
        tickets.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Commands_CoreRunning_AreDoneByIt()
    {
        await using var host = CoreHost.Build(
            ["--urls", "http://127.0.0.1:0", "--Kms:DataDirectory", Data, "--Kms:Tickets:PublicKeys:0", tickets.PublicPem], TimeProvider.System);
        await host.Application.StartAsync();

        await DoneAsync("rewrap");
        await DoneAsync("backup", Backup);
        await host.Application.StopAsync();
        await RestoreAsync(2);
    }

    [Fact]
    public async Task Commands_CoreStopped_WorkOnItsData()
    {
        await using (var core = await TestCore.StartAsync(directory: directory))
        {
            _ = await core.CreateKeyAsync();
        }

        await DoneAsync("backup", Backup);
        await RestoreAsync(1);
        await DoneAsync("rewrap");
    }

    [Theory]
    [InlineData("rewrap")]
    [InlineData("restore", "no backup")]
    public async Task Command_OnSecrets_SwitchesCoreDumpsOff(params string[] arguments)
    {
        const int isDumpable = 3;
        const int setDumpable = 4;
        Assert.Equal(0, ProcessControl(setDumpable, 1, 0, 0, 0));

        _ = await RunAsync(Data, arguments);

        Assert.Equal(0, ProcessControl(isDumpable, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Restore_Keys_MovesWhatMustNotRepeatBeyondWhatWasUsed()
    {
        string keyId;
        long before;
        await using (var core = await TestCore.StartAsync(directory: directory))
        {
            keyId = await core.CreateKeyAsync();
            before = (await core.KeyAsync(keyId)).MetadataVersion;
        }

        await DoneAsync("backup", Backup);
        Assert.Equal(0, (await RunAsync(Restored, "restore", Backup, "--root-key", Path.Combine(Data, "root.key"))).Code);

        Assert.Equal(before + (1 << 24), Scalar($"SELECT metadata_version FROM keys WHERE key_id = '{keyId}'"));
        Assert.Equal(1 << 24, Scalar("SELECT value FROM sequences WHERE name = 'alias_generation'"));
    }

    [Theory]
    [InlineData("rewrap takes no directory", "rewrap", "x")]
    [InlineData("backup takes one directory", "backup")]
    [InlineData("restore takes one directory", "restore", "a", "b")]
    [InlineData("--root-key needs a value", "restore", "a", "--root-key")]
    [InlineData("unknown argument --root-kye of restore, it takes --root-key, --Kms:DataDirectory", "restore", "a", "--root-kye", "b")]
    [InlineData("unknown argument --root-key of backup, it takes --with-root-key, --Kms:DataDirectory", "backup", "a", "--root-key", "b")]
    public async Task Command_WrongArguments_Exits64(string fault, params string[] arguments)
    {
        await using var errors = new StringWriter();
        Assert.Equal(64, await Program.RunAsync(arguments, TextWriter.Null, errors, CancellationToken.None));
        Assert.Equal(fault, errors.ToString().TrimEnd());
    }

    [Fact]
    public async Task Command_WhereNoCoreEverWas_Exits70AndMakesNothing()
    {
        Assert.Equal((70, $"There is no core in {Data}: start it once first."), await RunAsync(Data, "rewrap") is var (code, _, error) ? (code, error) : default);
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("rewrap")]
    [InlineData("backup")]
    [InlineData("restore")]
    public async Task Help_OfACommand_NamesIt(string command)
    {
        await using var output = new StringWriter();
        Assert.Equal(0, await Program.RunAsync([command, "--help"], output, TextWriter.Null, CancellationToken.None));
        Assert.Contains($"  {command} ", output.ToString(), StringComparison.Ordinal);
    }

    private async Task RestoreAsync(int epoch)
    {
        var restored = await RunAsync(Restored, "restore", Backup, "--root-key", Path.Combine(Data, "root.key"));
        Assert.Equal((0, ""), (restored.Code, restored.Errors));
        Assert.Contains($"the root of epoch {epoch}", restored.Output, StringComparison.Ordinal);
        using var data = DataDirectory.Open(Restored, "a test");
        var (sealing, store) = KeyHierarchy.Open(data, TimeProvider.System);
        Assert.Equal(epoch, sealing.Epoch);
        sealing.Dispose();
        await store.DisposeAsync();
    }

    private async Task DoneAsync(params string[] arguments)
    {
        var (code, _, errors) = await RunAsync(Data, arguments);
        Assert.Equal((0, ""), (code, errors));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string data, params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await Program.RunAsync([.. arguments, "--Kms:DataDirectory", data], output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString().TrimEnd());
    }

    private long Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Restored, "keys.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);
}

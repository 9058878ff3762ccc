using System.Text.Json;
using System.Text.Json.Nodes;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Rewrap;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.Rewrap;

/// <summary><c>rewrap</c>: everything sealed under a fresh root, while the service goes on (crypto-core.md section 3).</summary>
public sealed class RewrapTests : IAsyncLifetime, IDisposable
{
    private readonly TempDirectory directory = new();
    private TestCore core = null!;

    /// <summary>Every point at which something has just become durable, and how often it is passed before the kill.</summary>
    public static TheoryData<int, int> Kills => new()
    {
        { (int)RewrapStep.RootWritten, 1 }, { (int)RewrapStep.EpochBegun, 1 }, { (int)RewrapStep.BatchMoved, 1 }, { (int)RewrapStep.BatchMoved, 2 },
        { (int)RewrapStep.BatchMoved, 3 }, { (int)RewrapStep.EpochRetired, 1 }, { (int)RewrapStep.RootErased, 1 },
    };

    private string NextRootPath => directory.File("data/root.next.key");

    public async Task InitializeAsync() => core = await TestCore.StartAsync(new CoreQuotas { KeysPerRegion = 5000 }, directory);

    public async Task DisposeAsync() => await core.DisposeAsync();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Rewrap_EveryKindOfRecord_IsUnderTheNewRootAndOpens()
    {
        var kept = await KeptSecrets.MakeAsync(core);
        var oldRoot = await File.ReadAllBytesAsync(core.RootKeyPath);

        var result = await core.Running.Administration.RewrapAsync(CancellationToken.None);

        Assert.Equal((2, true), ((int)result["epoch"]!, (long)result["moved"]! >= 10));
        AssertOneEpoch(2);
        Assert.False(File.Exists(NextRootPath));
        Assert.NotEqual(oldRoot, await File.ReadAllBytesAsync(core.RootKeyPath));
        await kept.VerifyAsync(core);
        await RestartAsync();
        await kept.VerifyAsync(core);
    }

    [Fact]
    public async Task Rewrap_AgainAndAgain_GoesOnCounting()
    {
        var kept = await KeptSecrets.MakeAsync(core, 1);
        for (var epoch = 2; epoch <= 4; epoch++)
        {
            Assert.Equal(epoch, (int)(await core.Running.Administration.RewrapAsync(CancellationToken.None))["epoch"]!);
            AssertOneEpoch(epoch);
        }

        await kept.VerifyAsync(core);
    }

    [Theory]
    [MemberData(nameof(Kills))]
    public async Task Rewrap_KilledAtAStep_OpensEverythingAndIsFinishedByTheNext(int step, int times)
    {
        var kept = await KeptSecrets.MakeAsync(core, 120);
        using var copy = new TempDirectory();
        var remaining = times;
        core.Running.Part<Rewrapping>().Reached = reached =>
        {
            // Why a copy: what lies in the files at this moment is what a kill of the process would leave
            if ((int)reached == step && --remaining == 0)
            {
                CopyData(directory.File("data"), copy.File("data"));
            }
        };
        _ = await core.Running.Administration.RewrapAsync(CancellationToken.None);
        Assert.True(remaining <= 0);

        await using var killed = await TestCore.StartAsync(new CoreQuotas { KeysPerRegion = 5000 }, copy);
        await kept.VerifyAsync(killed);
        await kept.AddKeyAsync(killed);
        var result = await killed.Running.Administration.RewrapAsync(CancellationToken.None);

        AssertOneEpoch((int)result["epoch"]!, killed.DatabasePath);
        Assert.False(File.Exists(copy.File("data/root.next.key")));
        await kept.VerifyAsync(killed);
    }

    [Fact]
    public async Task Rewrap_WhileKeysAreMadeAndUsed_KeepsAllAndSealsNewOnesUnderTheNewEpoch()
    {
        var kept = await KeptSecrets.MakeAsync(core, 150);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Running.Part<Rewrapping>().Reached = reached =>
        {
            if (reached == RewrapStep.EpochBegun)
            {
                began.SetResult();
            }
        };

        var rewrap = core.Running.Administration.RewrapAsync(CancellationToken.None);
        await began.Task;
        var made = new List<string>();
        do
        {
            made.Add(await core.CreateKeyAsync());
            await kept.AddKeyAsync(core);
        }
        while (!rewrap.IsCompleted);
        _ = await rewrap;

        Assert.All(made, keyId => Assert.Equal(2, core.Scalar($"SELECT epoch FROM key_versions WHERE key_id = '{keyId}'")));
        AssertOneEpoch(2);
        await kept.VerifyAsync(core);
    }

    [Fact]
    public async Task Rewrap_RecordThatDoesNotOpen_KeepsTheOldRootUntilItIsGone()
    {
        var kept = await KeptSecrets.MakeAsync(core, 1);
        var broken = await core.CreateKeyAsync();
        core.Alter($"UPDATE key_versions SET sealed = zeroblob(93) WHERE key_id = '{broken}'");

        var refused = await Assert.ThrowsAsync<StartupException>(() => core.Running.Administration.RewrapAsync(CancellationToken.None));
        Assert.Equal(CoreAdministration.Refused, refused.ExitCode);
        Assert.Contains("1 do not open and keep the old root: key_versions/", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(NextRootPath));
        await RestartAsync();
        await kept.VerifyAsync(core);

        core.Alter($"DELETE FROM keys WHERE key_id = '{broken}'");
        Assert.Equal(2, (int)(await core.Running.Administration.RewrapAsync(CancellationToken.None))["epoch"]!);
        AssertOneEpoch(2);
        Assert.False(File.Exists(NextRootPath));
    }

    [Theory]
    [InlineData((int)RewrapStep.BatchMoved, false)]
    [InlineData((int)RewrapStep.BatchMoved, true)]
    [InlineData((int)RewrapStep.EpochRetired, false)]
    [InlineData((int)RewrapStep.EpochRetired, true)]
    public async Task Rewrap_NextRootLostOrRotted_LeavesTheOldRootAndGoesOnWhenItIsBack(int step, bool isRotted)
    {
        var kept = await KeptSecrets.MakeAsync(core, 1);
        var oldRoot = await File.ReadAllBytesAsync(core.RootKeyPath);
        byte[]? next = null;
        core.Running.Part<Rewrapping>().Reached = reached =>
        {
            if ((int)reached == step && next is null)
            {
                next = File.ReadAllBytes(NextRootPath);
                File.Delete(NextRootPath);
                if (isRotted)
                {
                    WriteRoot(NextRootPath, [.. next.Select(value => (byte)~value)]);
                }
            }
        };

        var refused = await Assert.ThrowsAsync<StartupException>(() => core.Running.Administration.RewrapAsync(CancellationToken.None));

        Assert.Equal(StartupException.CouldNotStart, refused.ExitCode);
        Assert.Contains("root.next.key", refused.Message, StringComparison.Ordinal);
        Assert.Equal(oldRoot, await File.ReadAllBytesAsync(core.RootKeyPath));
        Assert.Equal(step == (int)RewrapStep.EpochRetired ? 1 : 2, core.Scalar("SELECT count(*) FROM seal_epochs"));
        WriteRoot(NextRootPath, next!);
        _ = await core.Running.Administration.RewrapAsync(CancellationToken.None);
        Assert.False(File.Exists(NextRootPath));
        await RestartAsync();
        await kept.VerifyAsync(core);
    }

    [Fact]
    public void Promote_NoNextRoot_LeavesTheRoot()
    {
        using var data = DataDirectory.Open(directory.File("other"), "a test");
        WriteRoot(data.FilePath(RootKeyFile.Name), [1, 2, 3]);

        Assert.Throws<StartupException>(() => RootKeyFile.Promote(data));

        Assert.Equal([1, 2, 3], File.ReadAllBytes(data.FilePath(RootKeyFile.Name)));
    }

    [Fact]
    public async Task Rewrap_KeyPairBeingMade_WaitsForIt()
    {
        var create = core.Part<OperationCatalogue>().Find("CreateKey")!;
        var operation = new HeldOperation(create, async call =>
        {
            var prepared = await ((IPreparedOperation)create).PrepareAsync(call);
            return () => prepared;
        });
        var making = RunAsync(operation, TestCore.KeyBox, new JsonObject { ["KeySpec"] = "EC_P256" });

        await RewrapBehindAsync(operation, making);

        Assert.Equal(1, core.Scalar("SELECT count(*) FROM key_versions"));
        AssertOneEpoch(2);
    }

    [Fact]
    public async Task Rewrap_ImportUnderWay_WaitsForIt()
    {
        var import = await ImportedKey.NewAsync(core);
        var wrapped = import.Wrap(new byte[32]);
        var imports = core.Part<ImportKeys>();
        var operation = new HeldOperation(core.Part<OperationCatalogue>().Find("ImportKeyMaterial")!, call =>
        {
            var parameters = call.View.FindImportParameters(imports.TryOpenToken(import.Token)!.ImportId)!;
            return new(() => imports.TryUnwrap(parameters, wrapped));
        });
        var importing = RunAsync(operation, await core.KeyAsync(import.KeyId), new JsonObject
        {
            ["KeyId"] = import.KeyId,
            ["EncryptedKeyMaterial"] = Convert.ToBase64String(wrapped),
            ["ImportToken"] = import.Token,
        });

        await RewrapBehindAsync(operation, importing);

        AssertOneEpoch(2);
    }

    [Fact]
    public async Task Start_WithTheReplacedRoot_IsRefusedAndSaysWhich()
    {
        var old = await File.ReadAllBytesAsync(core.RootKeyPath);
        _ = await core.Running.Administration.RewrapAsync(CancellationToken.None);
        await core.StopCoreAsync();
        await File.WriteAllBytesAsync(core.RootKeyPath, old);

        var refused = await Assert.ThrowsAsync<StartupException>(() => core.StartCoreAsync());

        Assert.Equal(
            "root.key is the root of epoch 1, which rewrap replaced at 2026-03-04T05:06:07Z; keys.db needs the root of epoch 2.", refused.Message);
    }

    [Fact]
    public void SealedRows_KnowEveryTableWithSealedRecords()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SqliteDatabase.Migrate(connection);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT group_concat(t.name, ',' ORDER BY t.name) FROM pragma_table_list t WHERE EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'sealed')";

        Assert.Equal(string.Join(',', SealedRows.Tables.Order(StringComparer.Ordinal)), command.ExecuteScalar());
    }

    internal static void CopyData(string from, string to)
    {
        Directory.CreateDirectory(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(from).Where(file => Path.GetFileName(file) is not ("lock" or "keys.db-shm")))
        {
            File.WriteAllBytes(Path.Combine(to, Path.GetFileName(file)), ReadShared(file));
            File.SetUnixFileMode(Path.Combine(to, Path.GetFileName(file)), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void WriteRoot(string path, byte[] root)
    {
        File.WriteAllBytes(path, root);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task RunAsync(HeldOperation operation, TicketResource resource, JsonObject body)
    {
        using var document = JsonDocument.Parse(body.ToJsonString());
        var ticket = new Ticket(TestCore.Account, TestCore.User, operation.Spec.TicketAction, [resource]);
        using var result = await core.Part<OperationRunner>().RunAsync(operation, ticket, new OperationInput(document.RootElement));
    }

    /// <summary>Rewraps while an operation is held, which then goes on; neither may spoil the other.</summary>
    private async Task RewrapBehindAsync(HeldOperation operation, Task running)
    {
        await operation.Held;
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        core.Part<Rewrapping>().Reached = reached =>
        {
            if (reached == RewrapStep.AllMoved)
            {
                arrived.TrySetResult();
            }
        };

        var rewrap = core.Running.Administration.RewrapAsync(CancellationToken.None);
        await Task.WhenAny(rewrap, arrived.Task);
        for (var chance = 0; chance < 50; chance++)
        {
            // Why: a rewrap that does not wait ends between these
            _ = await core.Part<IKeyStore>().WriteAsync(_ => true);
        }

        Assert.False(rewrap.IsCompleted);
        operation.Release();
        await running;
        Assert.Equal(2, (int)(await rewrap)["epoch"]!);
    }

    private async Task RestartAsync()
    {
        await core.StopCoreAsync();
        await core.StartCoreAsync(new CoreQuotas { KeysPerRegion = 5000 });
    }

    private void AssertOneEpoch(int epoch) => AssertOneEpoch(epoch, core.DatabasePath);

    private static void AssertOneEpoch(int epoch, string database)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var table in (string[])["seal_epochs", .. SealedRows.Tables])
        {
            command.CommandText = $"SELECT coalesce(group_concat(DISTINCT epoch), '') FROM {table}";
            Assert.Contains((string)command.ExecuteScalar()!, (string[])["", $"{epoch}"]);
        }
    }
}

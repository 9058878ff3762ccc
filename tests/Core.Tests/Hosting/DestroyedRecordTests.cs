using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.Hosting;

/// <summary>What was destroyed is in no file: not in the database, not in its write-ahead log.</summary>
public sealed class DestroyedRecordTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TempDirectory directory = new();
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync(directory: directory);

    public async Task DisposeAsync() => await core.DisposeAsync();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task DeletedKey_SealedBytes_LeaveEveryFileSoon()
    {
        var keyId = await core.CreateKeyAsync();
        _ = await core.CreateKeyAsync();
        var record = Sealed($"SELECT sealed FROM key_versions WHERE key_id = '{keyId}'");
        Assert.True(IsInAFile(record));
        (await core.OnKeyAsync("ScheduleKeyDeletion", keyId, new() { ["PendingWindowInDays"] = 7 })).ShouldBeOk();

        core.Clock.Advance(TimeSpan.FromDays(7));
        await core.RunScheduledWorkAsync();

        await GoneAsync(record);
    }

    [Fact]
    public async Task DeletedMaterial_SealedBytes_LeaveEveryFileSoon()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(new byte[32])).ShouldBeOk();
        var record = Sealed($"SELECT sealed FROM key_versions WHERE key_id = '{imported.KeyId}'");
        Assert.True(IsInAFile(record));

        (await core.OnKeyAsync("DeleteKeyMaterial", imported.KeyId)).ShouldBeOk();

        await GoneAsync(record);
    }

    [Fact]
    public async Task DeletedMaterial_KilledBeforeTheLogIsTruncated_LeavesEveryFileAtTheNextStart()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(new byte[32])).ShouldBeOk();
        var record = Sealed($"SELECT sealed FROM key_versions WHERE key_id = '{imported.KeyId}'");
        (await core.OnKeyAsync("DeleteKeyMaterial", imported.KeyId)).ShouldBeOk();
        using var copy = new TempDirectory();
        Rewrap.RewrapTests.CopyData(directory.File("data"), copy.File("data"));

        await using var killed = await TestCore.StartAsync(directory: copy);

        Assert.False(IsInAFile(record, copy));
    }

    [Fact]
    public async Task RewrappedRecord_OldBytes_AreInNoFileWhenItIsDone()
    {
        var keyId = await core.CreateKeyAsync();
        var record = Sealed($"SELECT sealed FROM key_versions WHERE key_id = '{keyId}'");
        var root = await File.ReadAllBytesAsync(core.RootKeyPath);
        Assert.True(IsInAFile(record) && IsInAFile(root));

        _ = await core.Running.Administration.RewrapAsync(CancellationToken.None);

        Assert.False(IsInAFile(record));
        Assert.False(IsInAFile(root));
    }

    [Fact]
    public async Task DeletedMaterial_WhileASnapshotReads_LeavesTheLogWhenItHasEnded()
    {
        var imported = await ImportedKey.NewAsync(core);
        (await imported.ImportAsync(new byte[32])).ShouldBeOk();
        var record = Sealed($"SELECT sealed FROM key_versions WHERE key_id = '{imported.KeyId}'");
        using (await core.Running.Administration.PinAsync())
        {
            (await core.OnKeyAsync("DeleteKeyMaterial", imported.KeyId)).ShouldBeOk();
            await core.CreateKeyAsync();
            Assert.True(IsInAFile(record));
        }

        await GoneAsync(record);
    }

    private byte[] Sealed(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = core.DatabasePath, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (byte[])command.ExecuteScalar()!;
    }

    private async Task GoneAsync(byte[] record)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (IsInAFile(record))
        {
            Assert.True(clock.Elapsed < Patience, "the record is still in a file");
            await timer.WaitForNextTickAsync();
        }
    }

    private bool IsInAFile(byte[] record) => IsInAFile(record, directory);

    private static bool IsInAFile(byte[] record, TempDirectory directory) => Directory.EnumerateFiles(directory.File("data"))
        .Where(file => !file.EndsWith("lock", StringComparison.Ordinal))
        .Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(record) >= 0;
        });
}

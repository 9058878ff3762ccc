using System.Text.Json.Nodes;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.Hosting;

/// <summary>What a start finds in the data directory (decisions.md D4).</summary>
public sealed class StartTests : IAsyncLifetime, IDisposable
{
    private readonly TempDirectory directory = new();
    private TestCore core = null!;

    public async Task InitializeAsync() => core = await TestCore.StartAsync(directory: directory);

    public async Task DisposeAsync() => await core.DisposeAsync();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void FirstStart_MakesOwnerOnlyFiles()
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        Assert.Equal((32, ownerOnly), ((int)new FileInfo(core.RootKeyPath).Length, File.GetUnixFileMode(core.RootKeyPath)));
        Assert.Equal(ownerOnly, File.GetUnixFileMode(core.DatabasePath));
        Assert.Equal(ownerOnly, File.GetUnixFileMode(core.DatabasePath + "-wal"));
    }

    [Fact]
    public async Task Restart_EveryAcknowledgedWrite_IsThere()
    {
        var keyId = await core.CreateKeyAsync(new JsonObject { ["Description"] = "kept" });
        await core.CreateAliasAsync("alias/app", keyId);
        (await core.OnKeyAsync("TagResource", keyId, new JsonObject
        {
            ["Tags"] = new JsonArray(new JsonObject { ["TagKey"] = "a", ["TagValue"] = "b" }),
        })).ShouldBeOk();
        var blob = await core.EncryptAsync(keyId, "text");
        var many = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => core.CreateKeyAsync()));
        var before = (await core.KeyBehindAsync("alias/app"), (await core.OnKeyAsync("DescribeKey", keyId)).Text);

        await core.StopCoreAsync();
        await core.StartCoreAsync();

        Assert.Equal(before, (await core.KeyBehindAsync("alias/app"), (await core.OnKeyAsync("DescribeKey", keyId)).Text));
        Assert.Equal("text", (string)(await core.DecryptAsync(blob)).Json["Plaintext"]!);
        foreach (var other in many)
        {
            (await core.OnKeyAsync("DescribeKey", other)).ShouldBeOk();
        }
    }

    [Fact]
    public async Task Restart_AliasGenerations_DoNotRepeat()
    {
        var keyId = await core.CreateKeyAsync();
        await core.CreateAliasAsync("alias/app", keyId);
        var before = await core.KeyBehindAsync("alias/app");
        (await core.SendAsync("DeleteAlias", new JsonObject { ["AliasName"] = "alias/app" }, before, await core.AliasAsync("alias/app"))).ShouldBeOk();

        await core.StopCoreAsync();
        await core.StartCoreAsync();
        await core.CreateAliasAsync("alias/app", keyId);

        Assert.True((await core.KeyBehindAsync("alias/app")).AliasGeneration > before.AliasGeneration);
    }

    [Fact]
    public async Task Start_WithoutTheRootKey_IsRefusedAndMakesNone()
    {
        await core.StopCoreAsync();
        File.Delete(core.RootKeyPath);

        await RefusedAsync("keys.db holds records but");

        Assert.False(File.Exists(core.RootKeyPath));
    }

    [Fact]
    public async Task Start_WithAnotherRootKey_IsRefused()
    {
        await core.StopCoreAsync();
        await File.WriteAllBytesAsync(core.RootKeyPath, new byte[32]);

        await RefusedAsync("root.key does not belong to keys.db");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public async Task Start_WithARootKeyOfAnotherLength_IsRefused(int length)
    {
        await core.StopCoreAsync();
        await File.WriteAllBytesAsync(core.RootKeyPath, new byte[length]);

        await RefusedAsync("must hold exactly 32 bytes");
    }

    [Fact]
    public async Task Start_WithARootKeyOthersMayRead_IsRefused()
    {
        await core.StopCoreAsync();
        File.SetUnixFileMode(core.RootKeyPath, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        await RefusedAsync("make it owner-only");
    }

    [Fact]
    public async Task Start_AfterACrashBeforeTheFirstCanary_GoesOn()
    {
        await core.StopCoreAsync();
        core.Alter("DELETE FROM core_secrets; DELETE FROM seal_epochs");

        await core.StartCoreAsync();

        _ = await core.CreateKeyAsync();
    }

    [Fact]
    public async Task Start_WithANewerDatabase_IsRefused()
    {
        await core.StopCoreAsync();
        core.Alter("PRAGMA user_version = 999");

        await RefusedAsync("keys.db has schema 999");
    }

    [Fact]
    public async Task Start_WithSomethingElseAsDatabase_IsRefused()
    {
        await core.StopCoreAsync();
        await File.WriteAllTextAsync(core.DatabasePath, new string('x', 8192));

        await RefusedAsync("cannot be opened");
    }

    [Fact]
    public async Task Start_WhileAnotherRuns_NamesIt()
    {
        var fault = await Assert.ThrowsAsync<DataDirectoryInUseException>(() => core.StartCoreAsync());

        Assert.Contains("a test (process", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_RecordOfAnotherVersion_IsRefusedAndSaysSo()
    {
        var first = await core.CreateKeyAsync();
        _ = await core.CreateKeyAsync();
        await core.StopCoreAsync();
        core.Alter($"UPDATE key_versions SET sealed = (SELECT o.sealed FROM key_versions o WHERE o.key_id <> '{first}') WHERE key_id = '{first}'");
        await core.StartCoreAsync();

        (await core.OnKeyAsync("Encrypt", first, new JsonObject { ["Plaintext"] = "x" })).ShouldBe(500, "InternalFailure");
        Assert.Contains(core.Logs.Lines, line => line.Contains("a sealed record does not open", StringComparison.Ordinal));
    }

    [Fact]
    public void Migrate_FromNothing_GivesStrictTables()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();

        SqliteDatabase.Migrate(connection);
        SqliteDatabase.Migrate(connection);

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND strict = 0";
        Assert.Equal(0L, command.ExecuteScalar());
        command.CommandText = "PRAGMA user_version";
        Assert.Equal((long)SqliteDatabase.Migrations()[^1].Number, command.ExecuteScalar());
    }

    [Fact]
    public void Migrate_ThatFails_LeavesTheOldSchema()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();

        Assert.Throws<SqliteException>(() => SqliteDatabase.Migrate(
            connection, [(1, "CREATE TABLE a (x TEXT) STRICT;"), (2, "CREATE TABLE b (x TEXT) STRICT; CREATE TABLE a (x TEXT) STRICT;")]));

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM sqlite_schema WHERE name = 'b') || ' ' || (SELECT user_version FROM pragma_user_version)";
        Assert.Equal("0 1", command.ExecuteScalar());
    }

    private async Task RefusedAsync(string message)
    {
        var fault = await Assert.ThrowsAsync<StartupException>(() => core.StartCoreAsync());

        Assert.Equal(StartupException.CouldNotStart, fault.ExitCode);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}

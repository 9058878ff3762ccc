using System.Runtime.Versioning;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace KmsGateway.Gateway.Tests.Ram;

public sealed class RamDatabaseTests : IDisposable
{
    private readonly TempDirectory directory = new();
    private readonly TestClock clock = new(DateTimeOffset.UnixEpoch);
    private readonly List<long> raised = [];

    private string Path => directory.File("ram.db");

    public void Dispose() => directory.Dispose();

    /// <summary>Two migrations of one number: a kill between them would leave the second out for ever.</summary>
    [Fact]
    public void Migrations_HaveEachTheirOwnNumber()
    {
        var numbers = typeof(RamMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Migrations.", StringComparison.Ordinal)).Select(name => name.Split(".Migrations.")[1][..3]).ToArray();
        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct(StringComparer.Ordinal), numbers);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Open_NewFile_IsOwnerOnlyAndCurrent()
    {
        using var database = Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.Equal(RamMigrations.Current, database.Read(reader => reader.Number("PRAGMA user_version")));
    }

    [Fact]
    public async Task Open_Settings_AreThoseThatSurviveAKill()
    {
        using var database = Open();
        foreach (var (pragma, expected) in new[] { ("synchronous", 2L), ("foreign_keys", 1L), ("busy_timeout", 5000L) })
        {
            Assert.Equal(expected, await database.WriteAsync(writer => writer.Number($"PRAGMA {pragma}"), CancellationToken.None));
        }

        Assert.Equal("wal", database.Read(reader => reader.Find<string>("PRAGMA journal_mode")));
    }

    [Fact]
    public void Schema_EveryTable_IsStrict()
    {
        using var database = Open();
        Assert.Empty(database.Read(reader => reader.List<string>(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")));
    }

    [Fact]
    public void Open_NewerDatabase_IsRefusedWithExit70AndLeftAlone()
    {
        Open().Dispose();
        Execute($"PRAGMA user_version = {RamMigrations.Current + 1}");
        var before = File.ReadAllBytes(Path);

        var refusal = Assert.Throws<StartupException>(() => Open());
        Assert.Equal(70, refusal.ExitCode);
        Assert.Contains($"schema {RamMigrations.Current + 1}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Open_NotADatabase_IsRefusedWithExit70()
    {
        File.WriteAllText(Path, new string('x', 4096));
        var refusal = Assert.Throws<StartupException>(() => Open());
        Assert.Equal(70, refusal.ExitCode);
        Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_MissingDirectory_IsRefusedWithExit70() =>
        Assert.Equal(
            70, Assert.Throws<StartupException>(() => RamDatabase.Open(directory.File("missing/ram.db"), clock, raised.AddRange)).ExitCode);

    [Fact]
    public void Open_Twice_MigratesOnce()
    {
        Open().Dispose();
        using var again = Open();
        Assert.Equal(1, again.Read(reader => reader.Number("SELECT count(*) FROM version_sequence")));
    }

    [Fact]
    public async Task Write_ThatThrows_LeavesNothingAndRaisesNothing()
    {
        using var database = Open();
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync<bool>(
            writer =>
            {
                AccountTable.Insert(writer, "1234567890123456");
                writer.RaiseIdentity(5);
                throw new InvalidOperationException("in the middle");
            },
            CancellationToken.None));

        Assert.Null(database.Read(AccountTable.First));
        Assert.Equal(0, database.Read(reader => reader.Number("SELECT last_version FROM version_sequence")));
        Assert.Empty(raised);
        Assert.True(await database.WriteAsync(writer => writer.Now == 0, CancellationToken.None));
    }

    [Fact]
    public async Task Write_Raising_TellsAfterTheCommit()
    {
        var seen = -1L;
        RamDatabase? database = null;
        using var opened = database = RamDatabase.Open(Path, clock, _ => seen = database!.Read(reader =>
            reader.Number("SELECT last_version FROM version_sequence")));
        await database.WriteAsync(
            writer =>
            {
                writer.RaisePolicy(9);
                return true;
            },
            CancellationToken.None);
        Assert.Equal(1, seen);
    }

    [Fact]
    public void Read_ThatWrites_IsRefused()
    {
        using var database = Open();
        Assert.Throws<SqliteException>(() => database.Read(reader => reader.Number("DELETE FROM version_sequence RETURNING id")));
        Assert.Equal(1, database.Read(reader => reader.Number("SELECT count(*) FROM version_sequence")));
    }

    [Fact]
    public async Task Write_WhileAnotherProgramHoldsTheFile_Answers503AndNothingIsHalfWritten()
    {
        using var database = Open();
        using var other = Connect();
        using var held = other.BeginTransaction(deferred: false);
        var refusal = await Assert.ThrowsAsync<KmsException>(() => database.WriteAsync(
            writer =>
            {
                AccountTable.Insert(writer, "1234567890123456");
                return true;
            },
            CancellationToken.None));
        Assert.Same(GatewayErrors.ServiceUnavailable, refusal.Error);
        await held.RollbackAsync();
        Assert.Null(database.Read(AccountTable.First));
    }

    [Fact]
    public async Task Write_DiskFull_Answers503AndTheNextWritePasses()
    {
        using var database = Open();
        await database.WriteAsync(writer => writer.Execute("PRAGMA max_page_count = 1"), CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<KmsException>(() => database.WriteAsync(
            writer =>
            {
                AccountTable.Insert(writer, "1234567890123456");
                return writer.Execute("CREATE TABLE filler AS SELECT zeroblob(4000000) AS bytes");
            },
            CancellationToken.None));
        Assert.Same(GatewayErrors.ServiceUnavailable, refusal.Error);
        Assert.Null(database.Read(AccountTable.First));
        await database.WriteAsync(writer => writer.Execute("PRAGMA max_page_count = 1000000"), CancellationToken.None);
        Assert.True(await database.WriteAsync(
            writer =>
            {
                AccountTable.Insert(writer, "1234567890123456");
                return true;
            },
            CancellationToken.None));
    }

    [Fact]
    public async Task Disposed_ReadsAndWritesNothing()
    {
        var database = Open();
        database.Dispose();
        Assert.Throws<ObjectDisposedException>(() => database.Read(AccountTable.First));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.WriteAsync(writer => writer.Now, CancellationToken.None));
    }

    private RamDatabase Open() => RamDatabase.Open(Path, clock, raised.AddRange);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

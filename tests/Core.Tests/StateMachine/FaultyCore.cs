using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>The core's own parts around a store whose every call can be made to fail; no HTTP, no signatures of tickets.</summary>
internal sealed class FaultyCore : ITestedCore, IAsyncDisposable
{
    private readonly TempDirectory directory = new();
    private readonly Sealing sealing = new(KeyMaterial.Random(32));
    private readonly CoreQuotas quotas;
    private readonly string path;
    private ServiceProvider services = null!;
    private SqliteConnection raw = null!;

    public FaultyCore(CoreQuotas quotas)
    {
        this.quotas = quotas;
        path = directory.File("keys.db");
        Open();
    }

    public TestClock Clock { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public FaultPlan Faults { get; } = new();

    public IKeyStore Store => services.GetRequiredService<IKeyStore>();

    /// <summary>One of the core's parts.</summary>
    public T Part<T>()
        where T : notnull => services.GetRequiredService<T>();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public TimeSpan Tolerance => TimeSpan.Zero;

    public bool GoesOn => true;

    /// <summary>The answer of an operation, asked for by whoever may ask for it. Faults strike in the operation, not in the asking.</summary>
    public async Task<JsonNode> CallAsync(string action, JsonObject body, PlannedFault? fault = null, string account = TestCore.Account)
    {
        var operation = services.GetRequiredService<OperationCatalogue>().Find(action)!;
        using var document = JsonDocument.Parse(body.ToJsonString());
        var input = new OperationInput(document.RootElement);
        var ticket = Asking.TicketFor(operation.Spec, input, Store, account, Now);
        return await FaultilyAsync(fault, async () =>
        {
            using var result = await services.GetRequiredService<OperationRunner>().RunAsync(operation, ticket, input);
            using var stream = new MemoryStream();
            await using (var writer = new Utf8JsonWriter(stream))
            {
                result.Write(writer);
            }

            return JsonNode.Parse(stream.ToArray())!;
        });
    }

    async Task<(JsonNode? Answer, string? Error)> ITestedCore.CallAsync(string account, string action, JsonObject body, PlannedFault? fault)
    {
        try
        {
            return (await CallAsync(action, body, fault, account), null);
        }
        catch (KmsException refusal)
        {
            return (null, refusal.Error.Code);
        }
        catch (SqliteException exception)
        {
            throw new LostCallException(action, exception);
        }
    }

    public Task RunDueAsync(PlannedFault? fault = null) => FaultilyAsync(fault, async () =>
    {
        await services.GetRequiredService<ScheduledWork>().RunDueAsync();
        return true;
    });

    /// <summary>What is kept in memory is what the database holds: records, aliases, versions ready for use.</summary>
    public void RequireCoherence()
    {
        foreach (var keyId in Rows<string>("SELECT key_id FROM keys"))
        {
            var (kept, held) = (Store.FindKey(keyId)!, KeyRows.FindKey(raw, keyId)!);
            Assert.Equal(held.Tags, kept.Tags);
            // Why as text: two records never share a descriptor
            Assert.Equal(held.ToString(), kept.ToString());
        }

        foreach (var name in Moves.AliasNames(quotas.AliasesPerRegion))
        {
            Assert.Equal(
                KeyRows.FindAlias(raw, TestCore.Account, TestCore.Region, name), Store.FindAlias(TestCore.Account, TestCore.Region, name));
        }

        foreach (var versionId in Part<LiveKeys>().VersionIds)
        {
            var version = KeyRows.FindVersion(raw, versionId);
            Assert.True(version is not null && Part<CryptoProviders>().Of(ProtectionLevels.Software).HoldsMaterial(version.Sealed), $"{versionId} is in use and has no material");
        }
    }

    public async Task RestartAsync()
    {
        await CloseAsync();
        Open();
    }

    /// <summary>What the database holds, past every cache.</summary>
    public IReadOnlyList<T> Rows<T>(string sql, object? arguments = null) => raw.Query<T>(sql, arguments).AsList();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        sealing.Dispose();
        directory.Dispose();
    }

    private async Task<T> FaultilyAsync<T>(PlannedFault? fault, Func<Task<T>> run)
    {
        if (fault is { } planned)
        {
            Faults.Arm(planned);
        }

        try
        {
            return await run();
        }
        finally
        {
            Faults.Disarm();
        }
    }

    private void Open()
    {
        var writer = Connect();
        SqliteDatabase.Migrate(writer);
        writer.Execute("INSERT OR IGNORE INTO seal_epochs (epoch, canary, created_at) VALUES (1, x'00', 0)");
        raw = new SqliteConnection(ConnectionString);
        raw.Open();
        var all = new ServiceCollection()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(quotas)
            .AddSingleton(new CoreIdentity(TestCore.Region, "core"))
            .AddSingleton(sealing)
            .AddSingleton<IKeyStore>(new SqliteKeyStore(path, writer, Clock, _ => Connect()))
            .AddLogging();
        all.AddOperations();
        services = all.BuildServiceProvider();
    }

    private string ConnectionString =>
        new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, ForeignKeys = true }.ToString();

    private FaultyConnection Connect()
    {
        var connection = new FaultyConnection(ConnectionString, Faults);
        connection.Open();
        // Why: what is tested is what transactions leave, not what the disk keeps; without it the test takes minutes
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000;");
        return connection;
    }

    private async Task CloseAsync()
    {
        await services.GetRequiredService<IKeyStore>().DisposeAsync();
        services.GetRequiredService<LiveKeys>().Dispose();
        services.GetRequiredService<SymmetricCryptography>().Dispose();
        services.GetRequiredService<WrappingPairs>().Dispose();
        await raw.DisposeAsync();
    }
}

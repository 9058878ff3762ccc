using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Storage;
using KmsGateway.Core.Tests.Operations;
using KmsGateway.Core.Tests.StateMachine;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.Crash;

/// <summary>The core's own program, killed and started again over one data directory.</summary>
internal sealed class CoreProcess : ITestedCore, IDisposable
{
    private const string Listens = "listens on ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Dictionary<string, OperationSpec> Specs = OperationSpecs.All.ToDictionary(spec => spec.Action, StringComparer.Ordinal);

    private readonly TempDirectory directory = new();
    private readonly TestTickets tickets = new();
    private KmsProcessProgram? program;
    private HttpClient? client;

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public TimeSpan Tolerance { get; } = TimeSpan.FromMinutes(2);

    public bool GoesOn => false;

    public bool HasEnded => program!.HasExited;

    public string Tail => program!.Tail();

    /// <summary>Starts it to die at a write, or by other hands; false when it died before it listened.</summary>
    public async Task<bool> StartAsync(string? dieAtWrite)
    {
        Release();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Kms__DataDirectory"] = directory.File("data"),
            ["Kms__Tickets__PublicKeys__0"] = tickets.PublicPem,
            ["Kms__Quotas__KeyVersionsPerRegion"] = "1000000",
            ["Kms__Quotas__KeysPerRegion"] = CrashCycleTests.MostKeys.ToString(CultureInfo.InvariantCulture),
            ["Kms__Quotas__AliasesPerRegion"] = CrashCycleTests.MostAliases.ToString(CultureInfo.InvariantCulture),
            [StartupHook.Setting.Key] = StartupHook.Setting.Value,
            [StartupHook.Variable] = dieAtWrite ?? string.Empty,
            // Why: it lives for a second; code that counts itself to be made faster later is lost on it
            ["DOTNET_TieredPGO"] = "0",
        };
        program = KmsProcessProgram.Start("core", "KmsGateway.Core.dll", ["--urls", "http://127.0.0.1:0"], settings);
        var address = await UntilAsync(() => program.Lines.FirstOrDefault(line => line.Contains(Listens, StringComparison.Ordinal)));
        client = address is null ? null : new HttpClient { BaseAddress = new Uri(address[(address.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]) };
        return client is not null;
    }

    /// <summary>Until everything that is due is done; false when it died before that.</summary>
    public async Task<bool> DoneDueAsync() => await UntilAsync(() => HasDue() ? null : "done") is not null;

    public void Kill() => program!.Kill();

    /// <summary>Waits for its end; only a kill is a proper one.</summary>
    public async Task RequireKilledAsync()
    {
        const int killed = 137;
        var code = await program!.StopAsync(CancellationToken.None);
        Assert.True(code == killed, $"ended with {code}:\n{Tail}");
    }

    /// <summary>Time passes while nobody runs: everything stored is that much older, and leases of the dead have run out.</summary>
    public void Age(TimeSpan by)
    {
        Release();
        using var connection = Open(SqliteOpenMode.ReadWrite);
        connection.Execute(
            """
            UPDATE keys SET created_at = created_at - @by, delete_at = delete_at - @by, next_rotation_at = next_rotation_at - @by,
                   material_expires_at = material_expires_at - @by;
            UPDATE key_versions SET created_at = created_at - @by;
            UPDATE aliases SET created_at = created_at - @by;
            UPDATE import_parameters SET expires_at = expires_at - @by;
            UPDATE leases SET expires_at = expires_at - @by;
            """,
            new { by = (long)by.TotalMilliseconds });
    }

    public IReadOnlyList<T> Rows<T>(string sql, object? arguments = null)
    {
        using var connection = Open(SqliteOpenMode.ReadOnly);
        return connection.Query<T>(sql, arguments).AsList();
    }

    public async Task<(JsonNode? Answer, string? Error)> CallAsync(string account, string action, JsonObject body, PlannedFault? fault)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{InternalRoutes.Actions}/{action}", UriKind.Relative));
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TicketFor(account, action, body));
            using var response = await client!.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return response.StatusCode == HttpStatusCode.OK ? (JsonNode.Parse(text), null) : (null, (string?)JsonNode.Parse(text)!["Code"] ?? text);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SqliteException)
        {
            throw new LostCallException(action, exception);
        }
    }

    public void Dispose()
    {
        Release();
        tickets.Dispose();
        directory.Dispose();
    }

    private string TicketFor(string account, string action, JsonObject body)
    {
        using var document = JsonDocument.Parse(body.ToJsonString());
        using var connection = Open(SqliteOpenMode.ReadOnly);
        var ticket = Asking.TicketFor(Specs[action], new OperationInput(document.RootElement), new StoredView(connection), account, Now);
        return tickets.Mint(TestTickets.Claims(Now, account, ticket.Subject, ticket.Action, ticket.Resources));
    }

    private bool HasDue()
    {
        using var connection = Open(SqliteOpenMode.ReadOnly);
        return DueWork.Find(connection, Now, 1, []).Count > 0;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = directory.File("data/keys.db"), Mode = mode, Pooling = false, ForeignKeys = true };
        var connection = new SqliteConnection(text.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>What it finds; null when the process ends before.</summary>
    private async Task<string?> UntilAsync(Func<string?> find)
    {
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            if (find() is { } found)
            {
                return found;
            }

            if (HasEnded)
            {
                return null;
            }

            Assert.True(await pause.WaitForNextTickAsync(late.Token));
        }
    }

    private void Release()
    {
        client?.Dispose();
        client = null;
        program?.Dispose();
        program = null;
    }

    /// <summary>The database, as a gateway's resolution would see it.</summary>
    private sealed class StoredView(SqliteConnection connection) : IKeyView
    {
        public KeyRecord? FindKey(string keyId) => KeyRows.FindKey(connection, keyId);

        public AliasRecord? FindAlias(string account, string region, string name) => KeyRows.FindAlias(connection, account, region, name);

        public string? FindKeyOfVersion(string versionId) => KeyRows.FindKeyOfVersion(connection, versionId);

        public ImportParameters? FindImportParameters(string importId) => KeyRows.FindImportParameters(connection, importId);

        public CertificateRecord? FindCertificate(string certificateId) => CertificateRows.Find(connection, certificateId);

        public long CountImportParameters(string keyId, DateTimeOffset now) => KeyRows.CountImportParameters(connection, keyId, now);

        public long CountKeys(string account, string region) => throw new NotSupportedException();

        public bool HasVersions(string account, string region, int count) => throw new NotSupportedException();

        public bool HasVersionsOfPairs(string account, string region, int count) => throw new NotSupportedException();

        public long CountCertificates(string account, string region) => throw new NotSupportedException();
    }
}

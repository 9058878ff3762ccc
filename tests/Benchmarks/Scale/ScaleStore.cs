using System.Globalization;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Accounts.Control;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Secrets;
using KmsGateway.Gateway.Ram.Storage;

namespace KmsGateway.Benchmarks.Scale;

/// <summary>How much there is.</summary>
internal sealed record ScaleSize(int Users, int Policies, int Keys);

/// <summary>
/// A data directory with many identities: the service makes its first start over it, then rows are written in bulk, past the API
/// and its quotas. Every user holds one custom policy; access keys are dealt out evenly.
/// </summary>
internal sealed class ScaleStore : IAsyncDisposable
{
    private const long FirstUser = 250_000_000_000_000_000;
    private const long FirstPolicy = 550_000_000_000_000_000;
    private const string Policy =
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],"Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":["Apollo","NAME"]}}}]}""";

    private const string Secret = "secretOfTheScaleBenchmark00001";

    private readonly DataDirectory data;
    private readonly OfflineService service;

    private ScaleStore(DataDirectory data, OfflineService service, ScaleSize size)
    {
        this.data = data;
        this.service = service;
        Size = size;
        Account = Store.AccountId!;
    }

    public ScaleSize Size { get; }

    public IServiceProvider Services => service.Services;

    private RamStore Store => (RamStore)service.Services.GetService(typeof(RamStore))!;

    private string Account { get; }

    public static async Task<ScaleStore> OpenAsync(string directory, ScaleSize size)
    {
        var process = new GatewayProcessOptions
        {
            Output = TextWriter.Null,
            Error = Console.Error,
            Clock = TimeProvider.System,
            Modules = GatewayModules.Create,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        var settings = LoadedSettings.Load([$"--Kms:DataDirectory={directory}", "--Kms:Replay:MaxEntries=20000000"], process);
        var data = DataDirectory.Open(directory, "the scale benchmark");
        var service = await OfflineService.StartAsync(settings, process, data, CancellationToken.None);
        var store = new ScaleStore(data, service, size);
        await store.FillAsync();
        return store;
    }

    public static string KeyId(int number) => string.Create(CultureInfo.InvariantCulture, $"LTAIscale{number:D15}");

    public static SecretBuffer KeySecret() => new(Encoding.ASCII.GetBytes(Secret));

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        data.Dispose();
    }

    private Task FillAsync() => Store.Database.WriteAsync(
        writer =>
        {
            if (AccessKeyTable.Find(writer, KeyId(0)) is null)
            {
                Policies(writer);
                Users(writer);
                Keys(writer);
            }

            return true;
        },
        CancellationToken.None);

    private void Policies(RamWriter writer)
    {
        for (var number = 0; number < Size.Policies; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"policy-{number}");
            PolicyTable.Insert(writer, FirstPolicy + number, Account, name, string.Empty);
            PolicyVersionTable.Insert(writer, FirstPolicy + number, 1, Policy.Replace("NAME", name, StringComparison.Ordinal));
        }
    }

    private void Users(RamWriter writer)
    {
        for (var number = 0; number < Size.Users; number++)
        {
            var id = FirstUser + number;
            IdentityTable.Insert(writer, id, Account, IdentityKind.User, string.Create(CultureInfo.InvariantCulture, $"user-{number}"), string.Empty);
            UserTable.Insert(writer, id, new UserDetails(string.Empty, string.Empty, string.Empty));
            AttachmentTable.Insert(writer, id, FirstPolicy + (number % Size.Policies), null);
        }
    }

    private void Keys(RamWriter writer)
    {
        using var secret = KeySecret();
        var dataKey = AccountTable.DataKey(writer)!.Id;
        for (var number = 0; number < Size.Keys; number++)
        {
            var owner = FirstUser + (number % Size.Users);
            AccessKeyTable.Insert(writer, KeyId(number), owner, dataKey, Store.Sealer.Seal(secret.ExposeBytes(), SealedName.AccessKey(KeyId(number), owner)));
        }
    }
}

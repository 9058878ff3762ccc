using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Core.Control;
using KmsGateway.Gateway.Ram;

namespace KmsGateway.Gateway.Accounts;

/// <summary>The accounts half of the control socket: names, arguments and answers.</summary>
internal static partial class AccountVerbs
{
    public const string Create = "accounts.create";
    public const string List = "accounts.list";
    public const string SetActive = "accounts.set-active";
    public const string RotateRoot = "accounts.rotate-root";

    public static IEnumerable<OperatorVerb> All() =>
    [
        new(Create, CreateAsync), new(List, (services, _, _) => Task.FromResult(ListAll(services))),
        new(SetActive, SetActiveAsync), new(RotateRoot, RotateRootAsync),
    ];

    private static async Task<JsonObject> CreateAsync(IServiceProvider services, JsonObject arguments, CancellationToken cancellationToken)
    {
        var made = await Accounts(services).CreateAsync((string?)arguments["accountId"], (string)arguments["name"]!, cancellationToken);
        using var secret = made.Key.Secret;
        Log.Created(Logger(services), made.Account.Id);
        return Credential(made);
    }

    private static JsonObject ListAll(IServiceProvider services) => new()
    {
        ["accounts"] = new JsonArray([.. Accounts(services).List().Select(Summary)]),
    };

    private static async Task<JsonObject> SetActiveAsync(IServiceProvider services, JsonObject arguments, CancellationToken cancellationToken)
    {
        var account = await Accounts(services).SetActiveAsync((string)arguments["accountId"]!, (bool)arguments["active"]!, cancellationToken);
        var status = Status(account.IsActive);
        Log.Changed(Logger(services), account.Id, status);
        return new JsonObject { ["accountId"] = account.Id, ["name"] = account.Name, ["status"] = status };
    }

    private static async Task<JsonObject> RotateRootAsync(IServiceProvider services, JsonObject arguments, CancellationToken cancellationToken)
    {
        var rotated = await Accounts(services).RotateRootAsync((string)arguments["accountId"]!, cancellationToken);
        using var secret = rotated.Key.Secret;
        Log.Rotated(Logger(services), rotated.Account.Id);
        return Credential(rotated);
    }

    private static JsonObject Credential(AccountCredential credential) => new()
    {
        ["accountId"] = credential.Account.Id,
        ["name"] = credential.Account.Name,
        ["accessKeyId"] = credential.Key.AccessKeyId,
        ["accessKeySecret"] = Encoding.UTF8.GetString(credential.Key.Secret.ExposeBytes()),
    };

    private static JsonObject Summary(AccountSummary summary) => new()
    {
        ["accountId"] = summary.Account.Id,
        ["name"] = summary.Account.Name,
        ["status"] = Status(summary.Account.IsActive),
        ["createDate"] = RamApi.Time(summary.Account.CreatedAt),
        ["rootAccessKeyIds"] = new JsonArray([.. summary.RootKeys.Select(key => JsonValue.Create(key.Id))]),
        ["rootLastUsed"] = summary.LastUsedAt is { } time ? RamApi.Time(time) : null,
        ["users"] = summary.Users,
        ["groups"] = summary.Groups,
        ["roles"] = summary.Roles,
        ["policies"] = summary.Policies,
    };

    private static string Status(long isActive) => isActive != 0 ? "Active" : "Disabled";

    private static AccountAdministration Accounts(IServiceProvider services) => services.GetRequiredService<AccountAdministration>();

    private static ILogger Logger(IServiceProvider services) => services.GetRequiredService<ILogger<AccountAdministration>>();

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Information, "The operator made the account {Account}.")]
        public static partial void Created(ILogger logger, string account);

        [LoggerMessage(1102, LogLevel.Information, "The operator set the account {Account} to {Status}.")]
        public static partial void Changed(ILogger logger, string account, string status);

        [LoggerMessage(1103, LogLevel.Information, "The operator rotated the root access key of the account {Account}.")]
        public static partial void Rotated(ILogger logger, string account);
    }
}

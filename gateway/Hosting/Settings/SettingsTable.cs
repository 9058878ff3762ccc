using System.Collections.Immutable;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Ram;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>
/// Every setting the gateway knows. What is not in here is refused; the reader, <c>--help</c> and the README's table all read
/// this one list.
/// </summary>
internal static class SettingsTable
{
    /// <summary>The one setting outside <c>Kms</c>.</summary>
    public const string Urls = "urls";

    private const int MaxQuota = 1_000_000;

    private static readonly Dictionary<string, Setting> ByName = new(StringComparer.OrdinalIgnoreCase);

    static SettingsTable()
    {
        All =
        [
            Setting.Text(Urls, "http://127.0.0.1:8750;https://127.0.0.1:8743",
                "Listen addresses, separated by semicolons; an https address uses the local CA unless a certificate is configured; port 0 takes a free port",
                (o, v) => o.Urls = v),
            Setting.Text("Kms:DataDirectory", "./data",
                "Where everything is kept, relative to the working directory; made with mode 0700", (o, v) => o.DataDirectory = v),
            Setting.Text("Kms:Region", "cn-hangzhou", "The region this service answers for", (o, v) => o.Region = v),
            Setting.Text("Kms:Bootstrap:AccountId", null,
                "Account made in an empty data directory, 16 digits; generated when absent", (o, v) => o.Bootstrap.AccountId = v),
            Setting.Text("Kms:Bootstrap:AccessKeyId", null,
                "Root AccessKey of that account, with its secret; generated when absent and written to root-access-key.json",
                (o, v) => o.Bootstrap.AccessKeyId = v),
            Setting.Secret("Kms:Bootstrap:AccessKeySecret",
                "Secret of that AccessKey; better in the environment than on the command line, where other users see it",
                (o, v) => o.Bootstrap.AccessKeySecret = v),
            Setting.Text("Kms:Seed", null,
                "YAML or JSON file of accounts, users, policies, keys and more that are made or changed at every start; differences are logged (docs/seed.md)",
                (o, v) => o.Seed = v),
            Setting.Text("Kms:Core:Address", null,
                "A core in another process: https://host:port, unix:/path, or http:// on loopback; embedded when absent",
                (o, v) => o.Core.Address = v),
            Setting.Text("Kms:Core:CaFile", null, "PEM file of the CA that issued the core's certificate", (o, v) => o.Core.CaFile = v),
            Setting.Text("Kms:Core:Id", Ticket.DefaultAudience, "Audience of the tickets that the core accepts", (o, v) => o.Core.Id = v),
            Setting.Text("Kms:Management:Url", "http://127.0.0.1:8751",
                "Address that serves /metrics and the reasons behind /healthz/ready", (o, v) => o.Management.Url = v),
            Setting.List("Kms:Tls:Names",
                "Further names and addresses in the certificate of the local CA, besides 127.0.0.1, ::1, localhost and the host's name",
                (o, v) => o.Tls.Names = v),
            Setting.Text("Kms:Tls:CertificateFile", null,
                "PEM certificate chain to use instead of the local CA's; read again every hour", (o, v) => o.Tls.CertificateFile = v),
            Setting.Text("Kms:Tls:KeyFile", null, "PEM private key of that certificate", (o, v) => o.Tls.KeyFile = v),
            Setting.List("Kms:TrustedProxies",
                "Addresses and networks (CIDR) of proxies whose X-Forwarded-For and X-Forwarded-Proto decide acs:SourceIp and acs:SecureTransport",
                (o, v) => o.TrustedProxies = v),
            Setting.Boolean("Kms:AllowPlainHttp", "Allows http on addresses that are not loopback", (o, v) => o.AllowPlainHttp = v),
            Setting.List("Kms:Sts:OidcProviders",
                "Identity providers for AssumeRoleWithOIDC, each as provider ARN, issuer and accepted client ids, separated by blanks",
                (o, v) => o.Sts.OidcProviders = v),
            Setting.Text("Kms:Sts:OidcCaFile", null, "PEM file of the CA that issued the issuers' certificates; the system's CAs when absent",
                (o, v) => o.Sts.OidcCaFile = v),
            Setting.Count("Kms:Replay:MaxEntries", 1_000_000, 1024, 64 * 1024 * 1024,
                "Requests remembered against replay, 27 to 54 bytes each (at most 54 MB by default); one access key may take half; when full, requests get 503",
                (o, v) => o.Replay.MaxEntries = v),
            Setting.Count("Kms:Cache:Megabytes", RamCacheLimits.DefaultMegabytes, 1, 1024 * 1024,
                "Most memory for access keys and policies that were read from ram.db, about; taken as they are used, a million access keys take 600 MB",
                (o, v) => o.Cache.Megabytes = v),
            .. Quotas(),
            Setting.Text("Kms:Store", "Sqlite", "Storage engine; PostgreSql is not available yet", (o, v) => o.Store = v),
            Setting.Text("Kms:Hsm:Library", null, "PKCS#11 module; not available yet", (o, v) => o.Hsm.Library = v),
            Setting.Text("Kms:Hsm:TokenLabel", null, "Label of the token in that module; not available yet", (o, v) => o.Hsm.TokenLabel = v),
            Setting.Text("Kms:Hsm:PinFile", null, "File that holds the token's PIN; not available yet", (o, v) => o.Hsm.PinFile = v),
            Setting.Text("Kms:Log:Format", null, "json or text; when absent, text on a terminal and json otherwise", (o, v) => o.Log.Format = v),
        ];
        foreach (var setting in All)
        {
            ByName.Add(setting.Name, setting);
        }
    }

    /// <summary>In the order they are explained.</summary>
    public static ImmutableArray<Setting> All { get; }

    /// <summary>The setting of that name (any letter case), or null.</summary>
    public static Setting? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The table of the README, between its markers.</summary>
    public static string ToMarkdown()
    {
        var table = new StringBuilder("| setting | environment | default | meaning |\n|---|---|---|---|\n");
        foreach (var setting in All)
        {
            var byDefault = setting.Default is null ? "" : $"`{setting.Default}`";
            table.Append(null, $"| `{setting.Name}` | `{setting.EnvironmentName}` | {byDefault} | {setting.Description} |\n");
        }

        return table.ToString();
    }

    private static IEnumerable<Setting> Quotas() =>
    [
        Quota("KeysPerRegion", 200, "Keys of an account in a region", (q, v) => q.KeysPerRegion = v),
        Quota("AliasesPerRegion", 300, "Aliases of an account in a region", (q, v) => q.AliasesPerRegion = v),
        Quota("TagsPerResource", 10, "Tags on one key or secret", (q, v) => q.TagsPerResource = v),
        Quota("KeyVersionsPerRegion", 10_000, "Versions of all keys of an account in a region", (q, v) => q.KeyVersionsPerRegion = v),
        Quota("AsymmetricVersionsPerRegion", 50, "Versions of key pairs of an account in a region", (q, v) => q.AsymmetricVersionsPerRegion = v),
        Setting.Count(
            "Kms:Quotas:AsymmetricVersionIntervalDays", 7, 0, 365, "Days between two versions of a key pair",
            (o, v) => o.Quotas.AsymmetricVersionIntervalDays = v),
        Setting.Count("Kms:Quotas:DeletionWindowDays", 30, 30, 366, "Longest waiting period of ScheduleKeyDeletion", (o, v) => o.Quotas.DeletionWindowDays = v),
        Quota("UsersPerAccount", 1000, "RAM users of an account", (q, v) => q.UsersPerAccount = v),
        Quota("GroupsPerAccount", 50, "RAM groups of an account", (q, v) => q.GroupsPerAccount = v),
        Quota("RolesPerAccount", 1000, "RAM roles of an account", (q, v) => q.RolesPerAccount = v),
        Quota("PoliciesPerAccount", 1500, "Custom policies of an account", (q, v) => q.PoliciesPerAccount = v),
        Quota("AccessKeysPerUser", 2, "AccessKeys of a RAM user", (q, v) => q.AccessKeysPerUser = v),
        Quota("GroupsPerUser", 5, "Groups a RAM user belongs to", (q, v) => q.GroupsPerUser = v),
        Quota("SystemPoliciesPerUser", 20, "System policies attached to a user", (q, v) => q.SystemPoliciesPerUser = v),
        Quota("CustomPoliciesPerUser", 10, "Custom policies attached to a user", (q, v) => q.CustomPoliciesPerUser = v),
        Quota("SystemPoliciesPerGroup", 20, "System policies attached to a group", (q, v) => q.SystemPoliciesPerGroup = v),
        Quota("CustomPoliciesPerGroup", 5, "Custom policies attached to a group", (q, v) => q.CustomPoliciesPerGroup = v),
        Quota("SystemPoliciesPerRole", 20, "System policies attached to a role", (q, v) => q.SystemPoliciesPerRole = v),
        Quota("CustomPoliciesPerRole", 5, "Custom policies attached to a role", (q, v) => q.CustomPoliciesPerRole = v),
        Quota("VersionsPerPolicy", 5, "Versions of a custom policy", (q, v) => q.VersionsPerPolicy = v),
        Quota("PolicyDocumentCharacters", 6144, "Length of a custom policy", (q, v) => q.PolicyDocumentCharacters = v),
    ];

    private static Setting Quota(string name, int byDefault, string description, Action<QuotaOptions, int> set) =>
        Setting.Count($"Kms:Quotas:{name}", byDefault, 1, MaxQuota, description, (o, v) => set(o.Quotas, v));
}

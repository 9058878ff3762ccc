using System.Globalization;
using System.Reflection;

namespace KmsGateway.Core.Hosting;

/// <summary>The command line and the names of the settings of a standalone core; what is not in these lists is a fault.</summary>
internal static class CoreArguments
{
#pragma warning disable S1075 // the documented default of the operator contract
    public const string DefaultUrl = "http://127.0.0.1:8760";
#pragma warning restore S1075

    public const string Help =
        """
        KmsGateway core: keeps keys and uses them. It answers only to tickets of its gateway.

        usage: dotnet run --project core [-- options]
               dotnet run --project core -- COMMAND [--Kms:DataDirectory PATH]

        commands, while the core runs or not (docs/backup.md):

          rewrap                                   seal every key under a fresh root.key and erase the old one; resumes when
                                                   interrupted
          backup DIRECTORY [--with-root-key]       write a consistent copy of keys.db to a new directory, without root.key
                                                   unless asked
          restore DIRECTORY [--root-key FILE]      put a backup into an empty data directory, once it is proved whole and
                                                   opened by its root.key; a second FILE when a rewrap was under way

        options:

          --urls URL[;URL]                 where to listen, default http://127.0.0.1:8760; http needs a loopback
                                           address or unix:/path, port 0 takes a free port and prints it
          --Kms:DataDirectory PATH         default ./data
          --Kms:Region NAME                default cn-hangzhou
          --Kms:Core:Id NAME               audience of tickets, default kmsgateway-core
          --Kms:Tickets:PublicKeys:0 KEY   the gateway's public key: PEM text or path of a PEM file; :1 for a second
          --Kms:Quotas:KeysPerRegion N     default 200
          --Kms:Quotas:AliasesPerRegion N  default 300
          --Kms:Quotas:TagsPerResource N   default 10
          --Kms:Quotas:KeyVersionsPerRegion N  default 10000
          --Kms:Quotas:AsymmetricVersionsPerRegion N    versions of key pairs, default 50
          --Kms:Quotas:AsymmetricVersionIntervalDays N  days between two versions of a key pair, default 7
          --Kms:Quotas:DeletionWindowDays N    longest waiting period of a deletion, default 30, up to 366
          --help, --version

        Settings also come from appsettings.json beside the program and from the environment (Kms__Region=...).
        exit codes: 0 stopped on request or done, 1 the command is refused, 64 bad settings, 70 could not start
        """;

    private const string KeyList = "Kms:Tickets:PublicKeys";

    private static readonly string[] Settings =
    [
        "Kms:DataDirectory", "Kms:Region", "Kms:Core:Id", KeyList,
        "Kms:Quotas:KeysPerRegion", "Kms:Quotas:AliasesPerRegion", "Kms:Quotas:TagsPerResource",
        "Kms:Quotas:KeyVersionsPerRegion", "Kms:Quotas:DeletionWindowDays",
        "Kms:Quotas:AsymmetricVersionsPerRegion", "Kms:Quotas:AsymmetricVersionIntervalDays",
    ];

    public static string Version =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Faults of the command line: unknown options with the nearest known one, options without a value.</summary>
    public static IEnumerable<string> Faults(IReadOnlyList<string> arguments)
    {
        string? waiting = null;
        foreach (var argument in arguments)
        {
            if (waiting is not null)
            {
                waiting = null;
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            if (!IsKnown(name))
            {
                yield return $"unknown argument {name}, did you mean {Nearest(name, ["--urls", "--help", "--version", .. Settings.Select(s => "--" + s)])}?";
            }
            else if (equals < 0)
            {
                waiting = name;
            }
        }

        if (waiting is not null)
        {
            yield return $"{waiting} needs a value";
        }
    }

    /// <summary>Settings below <c>Kms</c> that nothing reads.</summary>
    public static IEnumerable<string> UnknownSettings(IConfiguration configuration) =>
        from entry in configuration.GetSection(CoreOptions.Section).AsEnumerable()
        where entry.Value is not null && !IsSetting(entry.Key)
        select $"unknown setting {entry.Key}, did you mean {Nearest(entry.Key, Settings)}?";

    private static bool IsKnown(string name) =>
        name.Equals("--urls", StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("--", StringComparison.Ordinal) && IsSetting(name[2..]));

    private static bool IsSetting(string name) =>
        Settings.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (name.StartsWith(KeyList + ":", StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(KeyList.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static string Nearest(string name, IEnumerable<string> known) => known.MinBy(candidate => Distance(name, candidate))!;

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1;
                var next = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                diagonal = row[j];
                row[j] = next;
            }
        }

        return row[^1];
    }
}

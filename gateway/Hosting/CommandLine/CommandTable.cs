using System.Collections.Immutable;
using KmsGateway.Gateway.Accounts.Commands;
using KmsGateway.Gateway.Custody.Commands;
using KmsGateway.Gateway.Demo;
using KmsGateway.Gateway.Hosting.Settings;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Gateway.Seed.Commands;

namespace KmsGateway.Gateway.Hosting.CommandLine;

/// <summary>The verbs; without one the program serves.</summary>
internal static class CommandTable
{
    /// <summary>In the order of <c>--help</c>.</summary>
    public static readonly ImmutableArray<IGatewayCommand> All = [new DemoCommand(), new HealthCommand(), new PolicyCommand(), new AccountsCommand(), new RamCommand(), new SeedCommand(), new BackupCommand(), new RestoreCommand(), new RewrapCommand()];

    /// <summary>What an unknown argument is compared with: options and settings.</summary>
    public static IEnumerable<string> KnownArguments =>
        ["--help", "--version", .. SettingsTable.All.Select(setting => setting.Argument)];
}

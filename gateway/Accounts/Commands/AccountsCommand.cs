using System.Collections.Immutable;
using System.CommandLine;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;

namespace KmsGateway.Gateway.Accounts.Commands;

/// <summary><c>accounts</c>: several accounts in one deployment. Source: docs/accounts.md.</summary>
internal sealed class AccountsCommand : IGatewayCommand
{
    private static readonly ImmutableArray<IGatewayCommand> Verbs =
    [
        new CreateAccountCommand(), new ListAccountsCommand(),
        new AccountStatusCommand("disable", "Refuse every access key of an account from the next request on.", isActive: false),
        new AccountStatusCommand("enable", "Take the access keys of a disabled account again.", isActive: true),
        new RotateRootCommand(),
    ];

    public Command Build(GatewayProcessOptions process)
    {
        var command = new Command("accounts", "Make, list, disable and enable accounts, and rotate root access keys, while the service runs or not.");
        foreach (var verb in Verbs)
        {
            command.Subcommands.Add(verb.Build(process));
        }

        return command;
    }
}

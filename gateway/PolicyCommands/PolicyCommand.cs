using System.Collections.Immutable;
using System.CommandLine;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy</c>: questions about policies kept in files, answered without a server. Source: docs/simulator.md.</summary>
internal sealed class PolicyCommand : IGatewayCommand
{
    /// <summary>The verbs below <c>policy</c>, one file each.</summary>
    private static readonly ImmutableArray<IGatewayCommand> Verbs = 
    [
        new LintCommand(), new SimulateCommand(), new MatrixCommand(), new DiffCommand(), new WhoCanCommand(), new CanCommand(), new EscalationsCommand(), new CasesCommand(),
    ];

    public Command Build(GatewayProcessOptions process)
    {
        var command = new Command("policy", "Judge policies kept in files: lint, simulate, matrix, diff, who-can, can, escalations, cases; exit code 1 when an expectation fails or a document has an ERROR.");
        foreach (var verb in Verbs)
        {
            command.Subcommands.Add(verb.Build(process));
        }

        return command;
    }
}

using System.CommandLine;

namespace KmsGateway.Gateway.Hosting.CommandLine;

/// <summary>A verb of the program: one file, and one line in <see cref="CommandTable"/>.</summary>
internal interface IGatewayCommand
{
    /// <summary>
    /// The verb with its options and its action. The action writes to the process's writers, answers the exit code (0 everything
    /// holds, 1 a check failed) and may throw a <see cref="Core.Hosting.StartupException"/>.
    /// </summary>
    Command Build(GatewayProcessOptions process);
}

namespace KmsGateway.Core.Hosting;

/// <summary>A fault that keeps a server from starting: one clear sentence per fault, and the exit code of the operator contract.</summary>
public class StartupException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Bad settings or arguments.</summary>
    public const int BadSettings = 64;

    /// <summary>Could not start.</summary>
    public const int CouldNotStart = 70;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}

using System.Runtime.InteropServices;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Hosting;

/// <summary>What a process that holds key material does first. Source: crypto-core.md section 7.</summary>
public static partial class ProcessHardening
{
    private const int SetDumpable = 4;

    /// <summary>No core dumps, no debugger of another user; and a warning, once, when memory cannot be locked.</summary>
    public static void Apply(ILogger logger)
    {
        if (OperatingSystem.IsLinux() && ProcessControl(SetDumpable, 0, 0, 0, 0) != 0)
        {
            NotHardened(logger, Marshal.GetLastPInvokeError());
        }

        SecretMemory.LockFailed(error => NotLocked(logger, error));
    }

    /// <summary>The same for a command, which has no log: it holds roots for a moment, and holds none where it may be dumped.</summary>
    /// <exception cref="StartupException">70: core dumps cannot be switched off.</exception>
    public static void ApplyToCommand()
    {
        if (OperatingSystem.IsLinux() && ProcessControl(SetDumpable, 0, 0, 0, 0) != 0)
        {
            throw new StartupException(
                StartupException.CouldNotStart, $"Core dumps of this process could not be switched off (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LoggerMessage(21, LogLevel.Warning, "Core dumps of this process could not be switched off (error {Error})")]
    private static partial void NotHardened(ILogger logger, int error);

    [LoggerMessage(22, LogLevel.Warning, "Memory for key material could not be locked (error {Error}); raise the limit of locked memory, otherwise keys may reach swap")]
    private static partial void NotLocked(ILogger logger, int error);
}

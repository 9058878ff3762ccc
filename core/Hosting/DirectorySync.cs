using System.Runtime.InteropServices;

namespace KmsGateway.Core.Hosting;

/// <summary>Makes a rename durable: .NET cannot flush a directory, the system can.</summary>
internal static partial class DirectorySync
{
    public static void Flush(string path)
    {
        const int readOnly = 0;
        var directory = OpenFile(path, readOnly);
        if (directory < 0)
        {
            throw new IOException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        var result = Synchronize(directory);
        var error = Marshal.GetLastPInvokeError();
        _ = CloseFile(directory);
        if (result != 0)
        {
            throw new IOException($"{path} cannot be flushed (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseFile(int file);
}

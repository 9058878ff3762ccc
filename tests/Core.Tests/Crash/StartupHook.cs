using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

#pragma warning disable CA1050, S3903, MA0047 // the runtime looks for this name, in no namespace
/// <summary>
/// What the runtime runs first in a core that is to die: the product itself has no such switch. Every write of SQLite to its files is
/// counted, and the one that the environment names is the last thing the process does: not done, half done, or done.
/// </summary>
internal static unsafe class StartupHook
{
    public const string Variable = "KMSGATEWAY_TESTS_DIE_AT_WRITE";

    private const int SetSystemCallOffset = 144;
    private const int GetSystemCallOffset = 152;
    private const int Killed = 9;

    private static delegate* unmanaged<int, byte*, nuint, long, nint> write;
    private static long remaining;
    private static string how = string.Empty;

    /// <summary>Name of the hook's setting for the runtime.</summary>
    public static KeyValuePair<string, string> Setting => new("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location);

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(':') is not [var number, var manner])
        {
            return;
        }

        (remaining, how) = (long.Parse(number, CultureInfo.InvariantCulture), manner);
        var library = NativeLibrary.Load("e_sqlite3", typeof(StartupHook).Assembly, DllImportSearchPath.SafeDirectories);
        var find = (delegate* unmanaged<byte*, byte*>)NativeLibrary.GetExport(library, "sqlite3_vfs_find");
        Replace(find(null));
    }

    private static void Replace(byte* vfs)
    {
        var set = *(delegate* unmanaged<byte*, byte*, void*, int>*)(vfs + SetSystemCallOffset);
        var get = *(delegate* unmanaged<byte*, byte*, void*>*)(vfs + GetSystemCallOffset);
        fixed (byte* name = Encoding.ASCII.GetBytes("pwrite64\0"), older = Encoding.ASCII.GetBytes("pwrite\0"))
        {
            var isWide = get(vfs, name) != null;
            write = (delegate* unmanaged<int, byte*, nuint, long, nint>)get(vfs, isWide ? name : older);
            delegate* unmanaged<int, byte*, nuint, long, nint> replacement = &Write;
            if (set(vfs, isWide ? name : older, replacement) != 0)
            {
                throw new InvalidOperationException("SQLite takes no other call.");
            }
        }
    }

    [UnmanagedCallersOnly]
    private static nint Write(int file, byte* bytes, nuint length, long offset)
    {
        if (Interlocked.Decrement(ref remaining) != 0)
        {
            return write(file, bytes, length, offset);
        }

        if (how != "before")
        {
            _ = write(file, bytes, how == "half" ? length / 2 : length, offset);
        }

        _ = SendSignal(Environment.ProcessId, Killed);
        return -1;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
#pragma warning restore CA1050, S3903, MA0047

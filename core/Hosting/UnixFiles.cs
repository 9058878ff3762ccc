using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace KmsGateway.Core.Hosting;

/// <summary>What .NET does not offer: flushing a directory, making one that was not there, and reading a file that another process has locked.</summary>
internal static partial class UnixFiles
{
    private const int ReadOnly = 0;
    private const int AlreadyThere = 17;
    private const uint OwnerOnlyDirectory = 0x1C0; // 0700
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a file that was not there, mode 0600.</summary>
    [UnsupportedOSPlatform("windows")]
    public static FileStreamOptions NewOwnerOnly => new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };

    /// <summary>Makes a directory, mode 0700; false when something has that name already, a link that leads nowhere included.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static bool TryMakeDirectory(string path)
    {
        if (MakeDirectory(path, OwnerOnlyDirectory) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == AlreadyThere ? false : throw new IOException($"{path} cannot be made (error {error}).");
    }

    /// <summary>Makes a rename in <paramref name="directory"/> durable.</summary>
    public static void FlushDirectory(string directory)
    {
        using var handle = Open(directory);
        if (Synchronize(handle) != 0)
        {
            throw new IOException($"{directory} cannot be flushed (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>The first bytes of a file, as text. Advisory locks of others are not looked at, .NET's own reader would.</summary>
    public static string ReadStart(string path)
    {
        using var handle = Open(path);
        Span<byte> bytes = stackalloc byte[512];
        return Encoding.UTF8.GetString(bytes[..RandomAccess.Read(handle, bytes, 0)]);
    }

    private static SafeFileHandle Open(string path)
    {
        var descriptor = OpenFile(path, ReadOnly);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronize(SafeFileHandle file);
}

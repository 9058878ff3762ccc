using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>
/// Proves that a library loaded by name is the one the framework uses: key handles of one OpenSSL must never reach the functions of
/// another.
/// </summary>
internal static unsafe class OpenSsl
{
    private const string MemoryMap = "/proc/self/maps";

    /// <summary>Null when <paramref name="library"/> is the framework's own; else the sentence that says why it is not.</summary>
    public static string? FaultOf(string library)
    {
        if (!OperatingSystem.IsLinux())
        {
            return $"{library} is used on Linux only.";
        }

        // Why first: it makes the framework load its own, which a load by name then finds.
        var framework = SafeEvpPKeyHandle.OpenSslVersion;
        if (!NativeLibrary.TryLoad(library, out var handle) || !NativeLibrary.TryGetExport(handle, "OpenSSL_version_num", out var version))
        {
            return $"{library} is not on this machine.";
        }

        var named = (long)((delegate* unmanaged<nuint>)version)();
        return named == framework ? FaultOf(library, File.ReadLines(MemoryMap)) : $"{library} is OpenSSL {named:x}, the framework uses {framework:x}.";
    }

    /// <summary>The same of a memory map: one file of that name, under whatever version, and no second.</summary>
    internal static string? FaultOf(string library, IEnumerable<string> memoryMap)
    {
        var stem = "/" + library.Split('.')[0] + ".so";
        string[] files =
        [
            .. from line in memoryMap
               let start = line.IndexOf('/', StringComparison.Ordinal)
               where start >= 0 && line.Contains(stem, StringComparison.Ordinal)
               select line[start..],
        ];
        files = [.. files.Distinct(StringComparer.Ordinal)];
        return files.Length == 1 ? null : $"one file is expected as {library}, the process has {files.Length}: {string.Join(", ", files)}.";
    }
}

using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// <c>&lt;data&gt;/root.key</c>: 32 random bytes, 0600, made at the first start; <c>root.next.key</c> beside it while rewrap moves records
/// under the next root. Source: crypto-core.md section 0.3, decisions.md D4.
/// </summary>
internal static class RootKeyFile
{
    public const string Name = "root.key";
    public const string NextName = "root.next.key";
    public const int Length = 32;

    private const UnixFileMode OthersMayRead =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The names a root key may have in a data directory.</summary>
    public static IReadOnlyList<string> Names { get; } = [Name, NextName];

    /// <summary>Makes a root, durable before anything is sealed under it.</summary>
    [UnsupportedOSPlatform("windows")]
    public static KeyMaterial Create(DataDirectory directory, string name)
    {
        var material = KeyMaterial.Random(Length);
        directory.WriteOwnerOnly(name, material.ExposeBytes(SecretAccess.Seal));
        return material;
    }

    /// <summary>The root in a file, null when there is none.</summary>
    /// <exception cref="StartupException">The file is malformed, open to others, or cannot be read.</exception>
    [UnsupportedOSPlatform("windows")]
    public static KeyMaterial? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        if ((File.GetUnixFileMode(path) & OthersMayRead) != UnixFileMode.None)
        {
            throw Refused($"{path} may be read or written by others; make it owner-only (mode 0600).");
        }

        return Read(path);
    }

    /// <summary>
    /// Overwrites the old root and puts the next in its place, whose file was proved by then. Killed anywhere, it is done again at the
    /// next start.
    /// </summary>
    /// <exception cref="StartupException">There is no next root; nothing is overwritten.</exception>
    public static void Promote(DataDirectory directory)
    {
        var path = directory.FilePath(Name);
        if (!File.Exists(directory.FilePath(NextName)))
        {
            throw Refused($"{directory.FilePath(NextName)} is missing; {Name} stays as it is.");
        }

        if (File.Exists(path))
        {
            // Why: a file that is merely replaced leaves its bytes on the disk. On media that write elsewhere, nothing more can be done from here.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
            file.Write(RandomNumberGenerator.GetBytes(Length));
            file.Flush(flushToDisk: true);
        }

        File.Move(directory.FilePath(NextName), path, overwrite: true);
        UnixFiles.FlushDirectory(directory.Path);
    }

    /// <summary>The root in a file that is there, whoever may read it.</summary>
    public static KeyMaterial Read(string path)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        try
        {
            using var file = File.OpenHandle(path);
            var read = RandomAccess.Read(file, bytes, 0);
            return read == Length
                ? KeyMaterial.From(bytes[..Length])
                : throw Refused($"{path} must hold exactly {Length} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(StartupException.CouldNotStart, $"{path} cannot be read: {exception.Message}", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static StartupException Refused(string message) => new(StartupException.CouldNotStart, message);
}

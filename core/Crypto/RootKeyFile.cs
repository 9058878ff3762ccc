using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Crypto;

/// <summary><c>&lt;data&gt;/root.key</c>: 32 random bytes, 0600, made at the first start. Source: crypto-core.md section 0.3, decisions.md D4.</summary>
internal static class RootKeyFile
{
    public const string Name = "root.key";
    public const int Length = 32;

    private const UnixFileMode OthersMayRead =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads the root key, or makes it when <paramref name="storeHasRecords"/> says that nothing depends on one yet.</summary>
    /// <exception cref="StartupException">The key is missing though records need it, malformed, or open to others.</exception>
    [UnsupportedOSPlatform("windows")]
    public static KeyMaterial LoadOrCreate(DataDirectory directory, bool storeHasRecords)
    {
        var path = directory.FilePath(Name);
        if (!File.Exists(path))
        {
            return storeHasRecords
                ? throw Refused($"keys.db holds records but {path} is missing; restore it, nothing can be opened without it.")
                : Create(directory);
        }

        if ((File.GetUnixFileMode(path) & OthersMayRead) != UnixFileMode.None)
        {
            throw Refused($"{path} may be read or written by others; make it owner-only (mode 0600).");
        }

        return Read(path);
    }

    [UnsupportedOSPlatform("windows")]
    private static KeyMaterial Create(DataDirectory directory)
    {
        var material = KeyMaterial.Random(Length);
        directory.WriteOwnerOnly(Name, material.ExposeBytes(SecretAccess.Seal));
        return material;
    }

    private static KeyMaterial Read(string path)
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

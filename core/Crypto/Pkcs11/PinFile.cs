using System.Security.Cryptography;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>The PIN of a token comes from a file that only its owner can read, never from an argument or a setting.</summary>
internal static class PinFile
{
    private const int MostBytes = 255;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Without the line end at its end. The caller disposes it.</summary>
    /// <exception cref="Pkcs11ModuleException">Not there, open to others, empty or too long; the text never holds the PIN.</exception>
    public static SecretBuffer Read(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new Pkcs11ModuleException("PIN files need Linux.");
        }

        Span<byte> bytes = stackalloc byte[MostBytes + 2];
        try
        {
            using var file = File.OpenHandle(path);
            if ((File.GetUnixFileMode(file) & Others) != UnixFileMode.None)
            {
                throw new Pkcs11ModuleException($"The PIN file {path} can be read or written by others: chmod 600 it, and change the PIN if it may have been read.");
            }

            var pin = bytes[..RandomAccess.Read(file, bytes, 0)].TrimEnd("\r\n"u8);
            return pin.Length is > 0 and <= MostBytes
                ? new SecretBuffer(pin)
                : throw new Pkcs11ModuleException($"The PIN file {path} must hold 1 to {MostBytes} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Pkcs11ModuleException($"The PIN file {path} cannot be read: {exception.Message}", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}

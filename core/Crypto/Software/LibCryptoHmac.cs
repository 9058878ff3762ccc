using System.Runtime.InteropServices;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>HMAC by OpenSSL over the hashes that the framework lacks; the key stays where it is, in locked memory.</summary>
internal static unsafe partial class LibCryptoHmac
{
    private const string LibCrypto = "libcrypto.so.3";

    /// <summary>Whether this machine's OpenSSL has that hash: SHA-224 as <c>SHA224</c>, SM3 as <c>SM3</c>.</summary>
    public static bool Has(string hash) =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad(LibCrypto, out _) && FindHash(hash) != 0;

    public static void Compute(string hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        var length = 0u;
        // Why a buffer of the longest hash: the call writes as much as the hash is long, whatever it is given.
        Span<byte> output = stackalloc byte[64];
        fixed (byte* keyBytes = key, messageBytes = message, outputBytes = output)
        {
            byte nothing = 0;
            var done = Hmac(
                FindHash(hash), keyBytes, key.Length, messageBytes is null ? &nothing : messageBytes, (nuint)message.Length, outputBytes, &length);
            if (done is null || length != mac.Length)
            {
                throw new InvalidOperationException($"OpenSSL does not compute HMAC with {hash}.");
            }
        }

        output[..mac.Length].CopyTo(mac);
        output.Clear();
    }

    [LibraryImport(LibCrypto, EntryPoint = "EVP_get_digestbyname", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint FindHash(string name);

    [LibraryImport(LibCrypto, EntryPoint = "HMAC")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial byte* Hmac(nint hash, byte* key, int keyLength, byte* message, nuint messageLength, byte* mac, uint* macLength);
}

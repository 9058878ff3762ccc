using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>
/// RSA without padding, by OpenSSL (blinded, constant time), which the framework does not offer and implicit rejection needs.
/// </summary>
internal static unsafe partial class RawRsa
{
    /// <summary>The longest modulus there is here.</summary>
    public const int MaxModulusBytes = 512;

    private const string LibCrypto = "libcrypto.so.3";
    private const int NoPadding = 3;

    private static readonly Lazy<string?> Found = new(() => OpenSsl.FaultOf(LibCrypto));

    /// <summary>Whether the framework itself works with the library that is called here.</summary>
    public static bool IsAvailable => Fault is null;

    /// <summary>Why it does not, for the operator; null when it does.</summary>
    public static string? Fault => Found.Value;

    /// <summary>False when <paramref name="input"/> is not of the modulus' length, or not below it.</summary>
    public static bool TryDecrypt(ReadOnlySpan<byte> pkcs8, ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!OperatingSystem.IsLinux() || Fault is not null)
        {
            throw new PlatformNotSupportedException(Fault);
        }

        using var rsa = new RSAOpenSsl();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        if (8 * input.Length != rsa.KeySize || output.Length != input.Length)
        {
            return false;
        }

        using var key = rsa.DuplicateKeyHandle();
        var context = NewContext(key, 0);
        try
        {
            var length = (nuint)output.Length;
            fixed (byte* from = input, to = output)
            {
                var isDone = context != 0 && Begin(context) == 1 && SetPadding(context, NoPadding) == 1
                    && Decrypt(context, to, &length, from, (nuint)input.Length) == 1 && length == (nuint)input.Length;
                if (!isDone)
                {
                    // Why: what is left in OpenSSL's queue would be read as the fault of somebody else's next call.
                    ClearErrors();
                }

                return isDone;
            }
        }
        finally
        {
            FreeContext(context);
        }
    }

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewContext(SafeEvpPKeyHandle key, nint engine);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_decrypt_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Begin(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_CTX_set_rsa_padding")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPadding(nint context, int padding);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_decrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Decrypt(nint context, byte* output, nuint* outputLength, byte* input, nuint inputLength);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeContext(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "ERR_clear_error")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ClearErrors();
}

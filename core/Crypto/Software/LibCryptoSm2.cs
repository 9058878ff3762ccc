using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Crypto.Software;

/// <summary>SM2 by OpenSSL, which the framework does not offer. A key is for any number of threads: each call has a context of its own.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class LibCryptoSm2
{
    private const string LibCrypto = "libcrypto.so.3";
    private const string Sm2 = "SM2";

    /// <summary>Found by making a key, since a library may be built without the curve.</summary>
    private static readonly Lazy<bool> Found = new(Probe);

    public static bool IsAvailable => Found.Value;

    /// <summary>A fresh pair.</summary>
    public static SafeEvpPKeyHandle Generate()
    {
        var context = NewContextByName(0, Sm2, 0);
        try
        {
            nint key = 0;
            return context != 0 && BeginGenerate(context) == 1 && Generate(context, &key) == 1
                ? new SafeEvpPKeyHandle(key, ownsHandle: true)
                : throw Failed("make a key");
        }
        finally
        {
            FreeContext(context);
        }
    }

    /// <exception cref="CryptographicException">No DER PKCS#8 of this curve.</exception>
    public static SafeEvpPKeyHandle OpenPrivateKey(ReadOnlySpan<byte> pkcs8)
    {
        fixed (byte* bytes = pkcs8)
        {
            var from = bytes;
            return Checked(ReadPrivateKey(0, &from, pkcs8.Length));
        }
    }

    /// <exception cref="CryptographicException">No DER SubjectPublicKeyInfo of this curve.</exception>
    public static SafeEvpPKeyHandle OpenPublicKey(ReadOnlySpan<byte> info)
    {
        fixed (byte* bytes = info)
        {
            var from = bytes;
            return Checked(ReadPublicKey(0, &from, info.Length));
        }
    }

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public static byte[] PublicKeyOf(SafeEvpPKeyHandle key)
    {
        var length = WritePublicKey(key, null);
        var info = new byte[Math.Max(length, 0)];
        fixed (byte* bytes = info)
        {
            var to = bytes;
            return length > 0 && WritePublicKey(key, &to) == length ? info : throw Failed("write a public key");
        }
    }

    /// <summary>Writes DER PKCS#8 and gives its length.</summary>
    public static int WritePrivateKey(SafeEvpPKeyHandle key, Span<byte> output)
    {
        var info = ToPkcs8(key);
        try
        {
            var length = info == 0 ? -1 : WritePkcs8(info, null);
            if (length <= 0 || length > output.Length)
            {
                throw Failed("write a private key");
            }

            fixed (byte* bytes = output)
            {
                var to = bytes;
                return WritePkcs8(info, &to) == length ? length : throw Failed("write a private key");
            }
        }
        finally
        {
            // Why: what it holds is cleansed then.
            FreePkcs8(info);
        }
    }

    /// <summary>DER over a digest of 32 bytes.</summary>
    public static byte[] Sign(SafeEvpPKeyHandle key, ReadOnlySpan<byte> digest)
    {
        Span<byte> signature = stackalloc byte[128];
        var length = Run(key, &BeginSign, &Sign, digest, signature);
        return length > 0 ? signature[..length].ToArray() : throw Failed("sign");
    }

    public static bool Verify(SafeEvpPKeyHandle key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        var context = NewContext(key, 0);
        try
        {
            fixed (byte* from = digest, signed = signature)
            {
                var holds = context != 0 && BeginVerify(context) == 1
                    && Verify(context, signed, (nuint)signature.Length, from, (nuint)digest.Length) == 1;
                // Why: what is left in OpenSSL's queue would be read as the fault of somebody else's next call.
                ClearErrors();
                return holds;
            }
        }
        finally
        {
            FreeContext(context);
        }
    }

    /// <summary>ASN.1.</summary>
    public static byte[] Encrypt(SafeEvpPKeyHandle key, ReadOnlySpan<byte> plaintext)
    {
        var ciphertext = new byte[plaintext.Length + 256];
        var length = Run(key, &BeginEncrypt, &Encrypt, plaintext, ciphertext);
        return length > 0 ? ciphertext[..length] : throw Failed("encrypt");
    }

    /// <summary>Length of what was written to <paramref name="plaintext"/>, which is as long as the ciphertext; -1 when it does not open.</summary>
    public static int TryDecrypt(SafeEvpPKeyHandle key, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext) =>
        Run(key, &BeginDecrypt, &Decrypt, ciphertext, plaintext);

    private static int Run(
        SafeEvpPKeyHandle key,
        delegate*<nint, int> begin,
        delegate*<nint, byte*, nuint*, byte*, nuint, int> work,
        ReadOnlySpan<byte> input,
        Span<byte> output)
    {
        var context = NewContext(key, 0);
        try
        {
            var length = (nuint)output.Length;
            fixed (byte* from = input, to = output)
            {
                var isDone = context != 0 && begin(context) == 1 && work(context, to, &length, from, (nuint)input.Length) == 1;
                ClearErrors();
                return isDone ? (int)length : -1;
            }
        }
        finally
        {
            FreeContext(context);
        }
    }

    private static SafeEvpPKeyHandle Checked(nint key)
    {
        if (key == 0)
        {
            throw Failed("read a key");
        }

        var handle = new SafeEvpPKeyHandle(key, ownsHandle: true);
        if (IsA(handle, Sm2) == 1)
        {
            return handle;
        }

        handle.Dispose();
        throw Failed("read a key of another kind");
    }

    private static CryptographicException Failed(string what)
    {
        ClearErrors();
        return new CryptographicException($"OpenSSL cannot {what} with SM2.");
    }

    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux() || OpenSsl.FaultOf(LibCrypto) is not null)
        {
            return false;
        }

        try
        {
            using var key = Generate();
            return Verify(key, new byte[32], Sign(key, new byte[32]));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_CTX_new_from_name", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewContextByName(nint library, string name, nint properties);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_keygen_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginGenerate(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_generate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Generate(nint context, nint* key);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_is_a", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int IsA(SafeEvpPKeyHandle key, string name);

    [LibraryImport(LibCrypto, EntryPoint = "d2i_AutoPrivateKey")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadPrivateKey(nint into, byte** bytes, nint length);

    [LibraryImport(LibCrypto, EntryPoint = "d2i_PUBKEY")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadPublicKey(nint into, byte** bytes, nint length);

    [LibraryImport(LibCrypto, EntryPoint = "i2d_PUBKEY")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WritePublicKey(SafeEvpPKeyHandle key, byte** bytes);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY2PKCS8")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ToPkcs8(SafeEvpPKeyHandle key);

    [LibraryImport(LibCrypto, EntryPoint = "i2d_PKCS8_PRIV_KEY_INFO")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int WritePkcs8(nint info, byte** bytes);

    [LibraryImport(LibCrypto, EntryPoint = "PKCS8_PRIV_KEY_INFO_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreePkcs8(nint info);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_CTX_new")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint NewContext(SafeEvpPKeyHandle key, nint engine);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_CTX_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeContext(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_sign_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginSign(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_sign")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sign(nint context, byte* output, nuint* outputLength, byte* input, nuint inputLength);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_verify_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginVerify(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_verify")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Verify(nint context, byte* signature, nuint signatureLength, byte* input, nuint inputLength);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_encrypt_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginEncrypt(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_encrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Encrypt(nint context, byte* output, nuint* outputLength, byte* input, nuint inputLength);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_decrypt_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginDecrypt(nint context);

    [LibraryImport(LibCrypto, EntryPoint = "EVP_PKEY_decrypt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Decrypt(nint context, byte* output, nuint* outputLength, byte* input, nuint inputLength);

    [LibraryImport(LibCrypto, EntryPoint = "ERR_clear_error")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ClearErrors();
}

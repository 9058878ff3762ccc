using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace KmsGateway.Core.Crypto.Pkcs11.Native;

/// <summary><c>CK_MECHANISM</c>: <c>{ type:8 | parameter:8 | length:8 }</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMechanism
{
    public ulong Type;
    public void* Parameter;
    public ulong Length;
}

/// <summary><c>CK_ATTRIBUTE</c>: <c>{ type:8 | value:8 | length:8 }</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeAttribute
{
    public ulong Type;
    public void* Value;
    public ulong Length;
}

/// <summary>
/// <c>CK_C_INITIALIZE_ARGS</c>. The reserved pointer is null, except for modules of NSS, which read their parameters there and
/// one more pointer behind it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeInitializeArguments
{
    public void* CreateMutex;
    public void* DestroyMutex;
    public void* LockMutex;
    public void* UnlockMutex;
    public ulong Flags;
    public void* Reserved;
    public void* ReservedByNss;
}

/// <summary><c>CK_INFO</c>: <c>{ version:2 | manufacturer:32 | (6) | flags:8 | description:32 | version:2 | (6) }</c>.</summary>
internal static class NativeModuleInfo
{
    public const int Bytes = 88;

    public static ModuleInfo Read(ReadOnlySpan<byte> bytes) => new(
        NativeText.Read(bytes.Slice(2, 32)), NativeText.Read(bytes.Slice(48, 32)), NativeText.Version(bytes), NativeText.Version(bytes[80..]));
}

/// <summary><c>CK_TOKEN_INFO</c>: <c>{ label:32 | manufacturer:32 | model:16 | serial:16 | flags:8 | 10 counts:80 | versions:4 | time:16 | (4) }</c>.</summary>
internal static class NativeTokenInfo
{
    public const int Bytes = 208;

    public static TokenInfo Read(ReadOnlySpan<byte> bytes) => new(
        NativeText.Read(bytes[..32]), NativeText.Read(bytes.Slice(32, 32)), NativeText.Read(bytes.Slice(64, 16)),
        NativeText.Read(bytes.Slice(80, 16)), MemoryMarshal.Read<ulong>(bytes[96..]));
}

/// <summary>Texts of fixed length, padded with blanks and sometimes with zeros; and versions.</summary>
internal static class NativeText
{
    public static string Read(ReadOnlySpan<byte> padded) => Encoding.UTF8.GetString(padded.TrimEnd("\0 "u8));

    public static string Version(ReadOnlySpan<byte> bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}");
}

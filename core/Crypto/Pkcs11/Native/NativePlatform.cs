using System.Globalization;

namespace KmsGateway.Core.Crypto.Pkcs11.Native;

/// <summary>
/// Where the structures of this binding are right: 64-bit little-endian Linux, on which CK_ULONG has 64 bits and structures are
/// naturally aligned. (Windows packs them to one byte and has 32 bits.) Source: crypto-core.md section 6.
/// </summary>
internal static class NativePlatform
{
    /// <summary>Why PKCS#11 modules cannot be used on this machine; null where they can.</summary>
    public static string? Refusal() => Refusal(OperatingSystem.IsLinux(), IntPtr.Size, BitConverter.IsLittleEndian);

    internal static string? Refusal(bool isLinux, int pointerBytes, bool isLittleEndian)
    {
        if (isLinux && pointerBytes == sizeof(ulong) && isLittleEndian)
        {
            return null;
        }

        var system = isLinux ? "Linux" : "another system";
        var order = isLittleEndian ? string.Empty : ", big-endian";
        return string.Create(
            CultureInfo.InvariantCulture, $"PKCS#11 modules need 64-bit little-endian Linux; this is {system}, {pointerBytes * 8} bits{order}.");
    }
}

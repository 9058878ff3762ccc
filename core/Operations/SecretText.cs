using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace KmsGateway.Core.Operations;

/// <summary>Base64 of secrets, in pinned arrays that their receivers zero.</summary>
internal static class SecretText
{
    public static byte[] Base64Of(ReadOnlySpan<byte> secret)
    {
        var text = GC.AllocateUninitializedArray<byte>(Base64.GetMaxEncodedToUtf8Length(secret.Length), pinned: true);
        _ = Base64.EncodeToUtf8(secret, text, out _, out _);
        return text;
    }

    /// <summary>The bytes behind a Base64 text; null for what is none, or too long.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<byte> text, int mostBytes)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(Base64.GetMaxDecodedFromUtf8Length(text.Length), pinned: true);
        try
        {
            if (Base64.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done || length > mostBytes)
            {
                return null;
            }

            var exact = GC.AllocateUninitializedArray<byte>(length, pinned: true);
            bytes.AsSpan(0, length).CopyTo(exact);
            return exact;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace KmsGateway.Core.Crypto;

/// <summary>
/// What a sealed record belongs to. All of it is authenticated with the record, so that no two rows can change places and no
/// field beside the record can be altered. Source: crypto-core.md section 3.
/// </summary>
internal sealed record MaterialIdentity(string KeyId, string VersionId, string Spec, string Level, string Origin, int Epoch)
{
    /// <summary><c>{ kms-seal-1 | 5 x (length:4 | UTF-8) | epoch:4 }</c>, integers big-endian.</summary>
    public byte[] AssociatedData()
    {
        var bytes = new List<byte>(192);
        bytes.AddRange("kms-seal-1"u8);
        foreach (var field in (ReadOnlySpan<string>)[KeyId, VersionId, Spec, Level, Origin])
        {
            var text = Encoding.UTF8.GetBytes(field);
            AddInteger(bytes, text.Length);
            bytes.AddRange(text);
        }

        AddInteger(bytes, Epoch);
        return [.. bytes];
    }

    private static void AddInteger(List<byte> bytes, int value)
    {
        Span<byte> encoded = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(encoded, value);
        bytes.AddRange(encoded);
    }
}

using System.Formats.Asn1;
using System.Numerics;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>
/// The parts of an SM2 ciphertext: a point C1 = <c>{ 4 | x:32 | y:32 }</c>, a hash C3 of 32 bytes, and C2 as long as the message. Raw
/// is C1 C3 C2; ASN.1 is <c>SEQUENCE { INTEGER x, INTEGER y, OCTET STRING C3, OCTET STRING C2 }</c>.
/// </summary>
internal readonly record struct Sm2Ciphertext(byte[] Point, byte[] Hash, byte[] Text)
{
    private const int CoordinateBytes = 32;
    private const int PointBytes = 1 + (2 * CoordinateBytes);
    private const int HashBytes = 32;
    private const byte Uncompressed = 4;

    /// <summary>Reads either form; null for what is neither.</summary>
    public static Sm2Ciphertext? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= PointBytes + HashBytes && (bytes.IsEmpty || bytes[0] == Uncompressed))
        {
            return null;
        }

        return bytes[0] == Uncompressed
            ? new(bytes[..PointBytes].ToArray(), bytes.Slice(PointBytes, HashBytes).ToArray(), bytes[(PointBytes + HashBytes)..].ToArray())
            : TryReadSequence(bytes.ToArray());
    }

    public static Sm2Ciphertext OfC1C2C3(byte[] bytes) =>
        new(bytes[..PointBytes], bytes[^HashBytes..], bytes[PointBytes..^HashBytes]);

    public byte[] ToRaw() => [.. Point, .. Hash, .. Text];

    public byte[] ToC1C2C3() => [.. Point, .. Text, .. Hash];

    /// <summary>ASN.1.</summary>
    public byte[] ToSequence()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(Point.AsSpan(1, CoordinateBytes), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(Point.AsSpan(1 + CoordinateBytes), isUnsigned: true, isBigEndian: true));
            writer.WriteOctetString(Hash);
            writer.WriteOctetString(Text);
        }

        return writer.Encode();
    }

    private static Sm2Ciphertext? TryReadSequence(byte[] bytes)
    {
        try
        {
            var reader = new AsnReader(bytes, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var point = new byte[PointBytes];
            point[0] = Uncompressed;
            var (x, y) = (sequence.ReadInteger(), sequence.ReadInteger());
            var (hash, text) = (sequence.ReadOctetString(), sequence.ReadOctetString());
            sequence.ThrowIfNotEmpty();
            var isPoint = TryPut(x, point.AsSpan(1, CoordinateBytes)) && TryPut(y, point.AsSpan(1 + CoordinateBytes));
            return isPoint && hash.Length == HashBytes && text.Length > 0 ? new(point, hash, text) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static bool TryPut(BigInteger coordinate, Span<byte> bytes)
    {
        if (coordinate.Sign < 0 || coordinate.GetByteCount(isUnsigned: true) > bytes.Length)
        {
            return false;
        }

        var length = coordinate.GetByteCount(isUnsigned: true);
        return coordinate.TryWriteBytes(bytes[^length..], out _, isUnsigned: true, isBigEndian: true);
    }
}

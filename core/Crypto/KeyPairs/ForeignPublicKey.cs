using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Numerics;

namespace KmsGateway.Core.Crypto.KeyPairs;

/// <summary>
/// Tells of a public key that a caller brought what it is, before any library is given it: only the sizes and named curves of the key
/// specs pass, as DER SubjectPublicKeyInfo and nothing after it.
/// </summary>
internal static class ForeignPublicKey
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const int UncompressedPointBytes = 65;
    private const byte Uncompressed = 4;
    private const int MostExponentBytes = 8;

    private static readonly FrozenDictionary<long, string> RsaSizes = new Dictionary<long, string>
    {
        [2048] = "RSA_2048",
        [3072] = "RSA_3072",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Curves = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["1.2.840.10045.3.1.7"] = "EC_P256",
        ["1.3.132.0.10"] = "EC_P256K",
        ["1.2.156.10197.1.301"] = "EC_SM2",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Name of the key spec, or null for anything else.</summary>
    public static string? SpecOf(ReadOnlyMemory<byte> info)
    {
        try
        {
            var reader = new AsnReader(info, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var algorithm = sequence.ReadSequence();
            var key = sequence.ReadBitString(out var unusedBits);
            sequence.ThrowIfNotEmpty();
            return unusedBits != 0 ? null : algorithm.ReadObjectIdentifier() switch
            {
                RsaEncryption => RsaSpec(algorithm, key),
                EcPublicKey => CurveSpec(algorithm, key),
                _ => null,
            };
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static string? RsaSpec(AsnReader algorithm, byte[] key)
    {
        algorithm.ReadNull();
        algorithm.ThrowIfNotEmpty();
        var reader = new AsnReader(key, AsnEncodingRules.DER);
        var numbers = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var (modulus, exponent) = (numbers.ReadInteger(), numbers.ReadInteger());
        numbers.ThrowIfNotEmpty();
        var isUsable = modulus.Sign > 0 && !modulus.IsEven && exponent > BigInteger.One && !exponent.IsEven
            && exponent.GetByteCount(isUnsigned: true) <= MostExponentBytes;
        return isUsable ? RsaSizes.GetValueOrDefault(modulus.GetBitLength()) : null;
    }

    private static string? CurveSpec(AsnReader algorithm, byte[] key)
    {
        var curve = algorithm.ReadObjectIdentifier();
        algorithm.ThrowIfNotEmpty();
        return key.Length == UncompressedPointBytes && key[0] == Uncompressed ? Curves.GetValueOrDefault(curve) : null;
    }
}

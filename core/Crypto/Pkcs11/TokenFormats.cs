using System.Formats.Asn1;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>From the host's forms to the token's: a digest in its DigestInfo, which CKM_RSA_PKCS signs; EC points. Source: crypto-core.md section 9.</summary>
internal static class TokenFormats
{
    /// <summary><c>SEQUENCE { SEQUENCE { OID, NULL }, OCTET STRING }</c>. Source: RFC 8017 section 9.2.</summary>
    public static byte[] DigestInfo(string hashOid, ReadOnlySpan<byte> digest)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(hashOid);
                writer.WriteNull();
            }

            writer.WriteOctetString(digest);
        }

        return writer.Encode();
    }

    /// <summary><c>CKA_EC_PARAMS</c> of a named curve.</summary>
    public static byte[] CurveParameters(string curveOid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(curveOid);
        return writer.Encode();
    }

    /// <summary><c>CKA_EC_POINT</c>: <c>OCTET STRING { 4 | x | y }</c> of a 256-bit curve.</summary>
    /// <exception cref="CryptographicException">It is not one.</exception>
    public static ECPoint Point(ReadOnlyMemory<byte> attribute)
    {
        const int coordinate = 32;
        byte[] point;
        try
        {
            point = new AsnReader(attribute, AsnEncodingRules.DER).ReadOctetString();
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("The token's EC point is not an OCTET STRING.", exception);
        }

        return point.Length == (2 * coordinate) + 1 && point[0] == 4
            ? new ECPoint { X = point[1..(coordinate + 1)], Y = point[(coordinate + 1)..] }
            : throw new CryptographicException("The token's EC point is not an uncompressed point of a 256-bit curve.");
    }
}

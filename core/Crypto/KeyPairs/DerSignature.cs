using System.Formats.Asn1;

namespace KmsGateway.Core.Crypto.KeyPairs;

/// <summary>The form of a signature of the elliptic curves: <c>SEQUENCE { INTEGER r, INTEGER s }</c>, in DER and nothing after it.</summary>
internal static class DerSignature
{
    /// <summary>Header of the sequence, and twice a header with a number of up to 33 bytes.</summary>
    private const int MostBytes = 2 + (2 * (2 + 33));

    public static bool IsWellFormed(ReadOnlySpan<byte> signature)
    {
        if (signature.Length > MostBytes)
        {
            return false;
        }

        try
        {
            var reader = new AsnReader(signature.ToArray(), AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            _ = sequence.ReadIntegerBytes();
            _ = sequence.ReadIntegerBytes();
            sequence.ThrowIfNotEmpty();
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}

using System.Buffers.Text;
using System.Text;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>
/// What GetParametersForImport gives out and ImportKeyMaterial takes back: a seal, so that nobody else makes one, of
/// <c>{ import id:36 | key id:36 | expiry:8 }</c>. Source: crypto-core.md section 8.
/// </summary>
internal sealed record ImportToken(string ImportId, string KeyId, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private const int IdLength = 36;
    private const int PayloadLength = IdLength + IdLength + sizeof(long);

    private static ReadOnlySpan<byte> Purpose => "kms-import-token-1"u8;

    /// <summary>Base64 text.</summary>
    public string Seal(Sealing sealing)
    {
        Span<byte> payload = stackalloc byte[PayloadLength];
        _ = Encoding.ASCII.GetBytes(ImportId, payload);
        _ = Encoding.ASCII.GetBytes(KeyId, payload[IdLength..]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(payload[(2 * IdLength)..], ExpiresAt.ToUnixTimeMilliseconds());
        return Convert.ToBase64String(sealing.SealToken(payload, Purpose));
    }

    /// <summary>Null for everything that this service did not give out.</summary>
    public static ImportToken? TryOpen(Sealing sealing, string text)
    {
        if (!Base64.IsValid(text, out var length) || length > byte.MaxValue)
        {
            return null;
        }

        Span<byte> payload = stackalloc byte[PayloadLength];
        return sealing.TryOpenToken(Convert.FromBase64String(text), Purpose, payload)
            ? new ImportToken(
                Encoding.ASCII.GetString(payload[..IdLength]),
                Encoding.ASCII.GetString(payload.Slice(IdLength, IdLength)),
                DateTimeOffset.FromUnixTimeMilliseconds(System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(payload[(2 * IdLength)..])))
            : null;
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Data keys: random bytes whose Base64 text is what is protected and answered. NumberOfBytes, 1 to 1,024, wins over KeySpec,
/// which may then be anything a client of the vendor sends. Source: kms-api.md sections 6 and 7.
/// </summary>
internal sealed class DataKeys(SymmetricCryptography cryptography)
{
    private const int MaxBytes = 1024;

    /// <param name="call">The call, on its key.</param>
    /// <param name="withPlaintext">Whether the data key itself is answered.</param>
    /// <param name="export">Who else gets it, wrapped.</param>
    public CiphertextAnswer Generate(OperationCall call, bool withPlaintext, DataKeyExport? export = null)
    {
        var length = LengthOf(call.Input);
        var context = call.Input.EncryptionContext();
        export?.RequireFits(length, "NumberOfBytes");
        CryptographicInput.StopWhenDry(call.Input);
        var key = call.Key();
        var text = GC.AllocateUninitializedArray<byte>(Base64.GetMaxEncodedToUtf8Length(length), pinned: true);
        try
        {
            FillWithBase64(text, length);
            var exported = export?.Wrap(text, "NumberOfBytes");
            var encrypted = cryptography.Encrypt(key, text, context);
            var answer = new CiphertextAnswer(key.KeyId, encrypted.VersionId, encrypted.Blob, withPlaintext ? text : null, exported);
            text = withPlaintext ? null : text;
            return answer;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static int LengthOf(OperationInput input)
    {
        if (input.Integer("NumberOfBytes", 1, MaxBytes) is { } length)
        {
            return (int)length;
        }

        return input.OneOf("KeySpec", "AES_256", "AES_128") == "AES_256" ? 32 : 16;
    }

    private static void FillWithBase64(byte[] text, int length)
    {
        RandomNumberGenerator.Fill(text.AsSpan(0, length));
        _ = Base64.EncodeToUtf8InPlace(text, length, out _);
    }
}

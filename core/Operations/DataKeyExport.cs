using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using KmsGateway.Core.Crypto.Import;

namespace KmsGateway.Core.Operations;

/// <summary>Where a data key is exported to: what a request says of its receiver, read and checked.</summary>
internal sealed class DataKeyExport
{
    private const string PublicKey = "PublicKeyBlob";
    private const string Algorithm = "WrappingAlgorithm";
    private const int MaxPublicKeyCharacters = 4096;

    private readonly ReceiverKey receiver;

    private DataKeyExport(ReceiverKey receiver) => this.receiver = receiver;

    public static DataKeyExport Read(OperationInput input)
    {
        var algorithm = input.RequiredText(Algorithm);
        if (!ReceiverKey.Offers(algorithm, input.RequiredText("WrappingKeySpec")))
        {
            throw OperationInput.Invalid(Algorithm);
        }

        return new DataKeyExport(
            ReceiverKey.TryRead(algorithm, input.Base64(PublicKey, MaxPublicKeyCharacters)) ?? throw OperationInput.Invalid(PublicKey));
    }

    /// <summary>A data key of so many bytes must fit under the receiver's key.</summary>
    public void RequireFits(int bytes, string parameter)
    {
        if (bytes > receiver.MaxBytes)
        {
            throw OperationInput.Invalid(parameter);
        }
    }

    /// <summary>Base64 text of the wrapped bytes behind a data key's text; what is no data key, or too long, is the fault of <paramref name="parameter"/>.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> text, string parameter)
    {
        var secret = GC.AllocateUninitializedArray<byte>(Base64.GetMaxDecodedFromUtf8Length(text.Length), pinned: true);
        try
        {
            var status = Base64.DecodeFromUtf8(text, secret, out _, out var length);
            if (status != OperationStatus.Done || length == 0)
            {
                throw OperationInput.Invalid(parameter);
            }

            RequireFits(length, parameter);

            var wrapped = receiver.Wrap(secret.AsSpan(0, length));
            var encoded = new byte[Base64.GetMaxEncodedToUtf8Length(wrapped.Length)];
            _ = Base64.EncodeToUtf8(wrapped, encoded, out _, out _);
            return encoded;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}

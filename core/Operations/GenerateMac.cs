using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The authentication code of a message, in full length.</summary>
internal sealed class GenerateMac(MacCryptography macs) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(GenerateMac), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias) { Uses = KeyKind.Mac };

    public OperationResult Execute(OperationCall call)
    {
        var input = MacInput.Read(call);
        CryptographicInput.StopWhenDry(call.Input);
        var key = call.Key();
        var mac = macs.Compute(key, input.Message);
        return OperationResult.Of(writer =>
        {
            writer.WriteString("Algorithm", input.Algorithm);
            writer.WriteString("KeyId", key.KeyId);
            writer.WriteBase64String("Mac", mac);
        });
    }
}

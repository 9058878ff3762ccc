using System.Security.Cryptography;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Whether a code is that of a message, compared in constant time; a wrong one is an answer, not an error.</summary>
internal sealed class VerifyMac(MacCryptography macs) : IOperation
{
    /// <summary>The Base64 text of the longest code, that of SHA-512.</summary>
    private const int MaxMacCharacters = 88;

    public OperationSpec Spec { get; } =
        new(nameof(VerifyMac), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias) { Uses = KeyKind.Mac };

    public OperationResult Execute(OperationCall call)
    {
        var input = MacInput.Read(call);
        var given = call.Input.Base64("Mac", MaxMacCharacters);
        CryptographicInput.StopWhenDry(call.Input);
        var key = call.Key();
        var isRight = CryptographicOperations.FixedTimeEquals(macs.Compute(key, input.Message), given);
        return OperationResult.Of(writer =>
        {
            writer.WriteString("Algorithm", input.Algorithm);
            writer.WriteString("KeyId", key.KeyId);
            writer.WriteBoolean("Value", isRight);
        });
    }
}

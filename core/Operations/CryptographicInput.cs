using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Operations;

/// <summary>What the cryptographic calls have in common.</summary>
internal static class CryptographicInput
{
    public const string Blob = "CiphertextBlob";

    /// <summary>DryRun=true: everything was checked, nothing is done, and the answer is always this error.</summary>
    public static void StopWhenDry(OperationInput input)
    {
        if (input.Boolean("DryRun"))
        {
            throw KmsErrors.DryRunOperationError.With();
        }
    }

    /// <summary>The same after a plaintext was opened, to see that it can be; it is zeroed then.</summary>
    public static void StopWhenDry(OperationInput input, byte[] opened)
    {
        if (input.Boolean("DryRun"))
        {
            CryptographicOperations.ZeroMemory(opened);
            throw KmsErrors.DryRunOperationError.With();
        }
    }

    /// <summary>The plaintext of the request's ciphertext, which the caller zeroes. One failure for everything that is wrong with a blob (decisions.md D6).</summary>
    public static byte[] Open(this SymmetricCryptography cryptography, Resolved source, OperationInput input, EncryptionContext context)
    {
        var blob = CiphertextBlob.DecodeStrict(Encoding.UTF8.GetBytes(input.RequiredText(Blob)));
        return cryptography.Decrypt(source.Key, source.VersionId, blob, context) ?? throw OperationInput.Invalid(Blob);
    }
}

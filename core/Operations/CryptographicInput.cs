using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Operations;

/// <summary>What the cryptographic calls have in common.</summary>
internal static class CryptographicInput
{
    /// <summary>DryRun=true: everything was checked, nothing is done, and the answer is always this error.</summary>
    public static void StopWhenDry(OperationInput input)
    {
        if (input.OneOf("DryRun", "false", "true") == "true")
        {
            throw KmsErrors.DryRunOperationError.With();
        }
    }
}

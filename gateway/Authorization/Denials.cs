using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Authorization;

/// <summary>What a denied caller reads. Sources: ram-policy.md 10, decisions.md D6.</summary>
internal sealed class Denials(GatewayKeys keys)
{
    /// <summary>The refusal of KMS for a reference that came from a ciphertext: it names nothing.</summary>
    private const string WithoutArn = "This operation is forbidden by permission system.";

    /// <summary>The refusal, and its detail left in the call.</summary>
    public KmsException Deny(Call call, bool isFromCiphertext)
    {
        var judgement = call.Judgement!;
        var diagnosis = Diagnosis.Write(judgement.ToldToCaller(), DiagnosticSealer.MaxTextBytes);
        call.Denial = AccessDeniedDetail.For(
            judgement.Caller, judgement.Check, judgement.Decision, keys.Diagnostics.Seal(judgement.Caller.AccountId, diagnosis));
        if (isFromCiphertext)
        {
            call.Denial = call.Denial.WithoutCause();
        }

        if (call.Action!.Product != Product.Kms)
        {
            return GatewayErrors.NoPermission.With();
        }

        return isFromCiphertext
            ? KmsErrors.NoPermission.Because(WithoutArn)
            : KmsErrors.NoPermission.With(judgement.Check.Resource);
    }
}

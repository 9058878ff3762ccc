using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Switches automatic rotation on or off. A date that is already past rotates the key at once.</summary>
internal sealed class UpdateRotationPolicy(KeyVersions versions) : IOperation
{
    private const string Enable = "EnableAutomaticRotation";
    private const string Interval = "RotationInterval";

    public OperationSpec Spec { get; } = new(nameof(UpdateRotationPolicy), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        if (!call.Input.Has(Enable))
        {
            throw KmsErrors.MissingParameter.With(Enable);
        }

        TimeSpan? interval = call.Input.Boolean(Enable) ? IntervalOf(call.Input) : null;
        var key = call.Key();
        if (!KeySpec.All[key.Spec].IsSymmetric || key.Origin != Origins.Kms)
        {
            throw KmsErrors.RejectedUnsupportedOperation.With();
        }

        _ = versions.Store(call.Transaction, key with { RotationInterval = interval }, call.Now);
        return OperationResult.Nothing;
    }

    /// <summary>Bad or missing: InvalidParameter naming it (kms-api.md section 9).</summary>
    public static TimeSpan IntervalOf(OperationInput input) =>
        RotationIntervals.Parse(input.Text(Interval) ?? string.Empty) ?? throw OperationInput.Invalid(Interval);
}

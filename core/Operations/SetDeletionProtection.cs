using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Operations;

/// <summary>Protects a key from ScheduleKeyDeletion, or lifts that; the description is kept only while it is protected.</summary>
internal sealed class SetDeletionProtection : IOperation
{
    private const string Enable = "EnableDeletionProtection";

    public OperationSpec Spec { get; } = new(nameof(SetDeletionProtection), OperationKind.Mutating, ReferenceSpec.ProtectedKey);

    public OperationResult Execute(OperationCall call)
    {
        if (!call.Input.Has(Enable))
        {
            throw KmsErrors.MissingParameter.With(Enable);
        }

        var isProtected = call.Input.Boolean(Enable);
        call.Transaction.UpdateKey(call.Key() with
        {
            IsDeletionProtected = isProtected,
            ProtectionDescription = isProtected ? CreateKey.DescriptionOf(call.Input, "DeletionProtectionDescription") : string.Empty,
        });
        return OperationResult.Nothing;
    }
}

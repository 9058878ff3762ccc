using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Destroys imported material; the same bytes may be imported again. A key without any is no fault.</summary>
internal sealed class DeleteKeyMaterial(ImportedMaterial materials) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(DeleteKeyMaterial), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        if (key.Origin != Origins.External)
        {
            throw KmsErrors.UnsupportedOrigin.With();
        }

        materials.Destroy(call.Transaction, key);
        return OperationResult.Nothing;
    }
}

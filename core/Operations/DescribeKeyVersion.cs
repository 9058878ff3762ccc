using KmsGateway.Core.Contract;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>A version of this key; one of another key is as unknown as one of none.</summary>
internal sealed class DescribeKeyVersion(IKeyStore store) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(DescribeKeyVersion), OperationKind.Read, ReferenceSpec.KeyId) { IsForKeyUsers = true };

    public OperationResult Execute(OperationCall call)
    {
        var version = store.ReadVersion(call.Input.RequiredText("KeyVersionId"));
        return version is not null && version.KeyId == call.Key().KeyId
            ? VersionMetadata.Answer(new VersionRow(version.KeyId, version.VersionId, version.CreatedAt))
            : throw KmsErrors.KeyVersionNotFound.With();
    }
}

using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

internal sealed class TagResource(CoreQuotas quotas) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(TagResource), OperationKind.Mutating, ReferenceSpec.KeyOrSecretOrCertificate);

    public OperationResult Execute(OperationCall call)
    {
        var added = Tags.Read(call.Input, "Tags", Math.Max(10, quotas.TagsPerResource));
        if (added.Count == 0)
        {
            throw KmsErrors.MissingParameter.With("Tags");
        }

        call.ChangeTags(tags => Tags.With(tags, added, quotas.TagsPerResource));
        return OperationResult.Nothing;
    }
}

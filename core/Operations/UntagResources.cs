using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Takes tags off several keys; All=true takes every one, and is looked at only when no tag is named.</summary>
internal sealed class UntagResources : IOperation
{
    private const string TagKey = "TagKey";

    public OperationSpec Spec { get; } = new(nameof(UntagResources), OperationKind.Mutating, ReferenceSpec.EachResource);

    public OperationResult Execute(OperationCall call)
    {
        var names = call.Input.Texts(TagKey, Tags.MostInOneRequest);
        if (names.Count == 0 && !call.Input.Boolean("All"))
        {
            throw KmsErrors.MissingParameter.With(TagKey);
        }

        foreach (var key in call.Keys())
        {
            call.ReplaceTags(key, names.Count == 0 ? KeyRecord.NoTags : key.Tags.RemoveRange(names));
        }

        return OperationResult.Nothing;
    }
}

using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Puts tags on several keys: on all of them, or on none when one of them cannot take them.</summary>
internal sealed class TagResources(CoreQuotas quotas) : IOperation
{
    private const string Tag = "Tag";

    public OperationSpec Spec { get; } = new(nameof(TagResources), OperationKind.Mutating, ReferenceSpec.EachResource);

    public OperationResult Execute(OperationCall call)
    {
        var added = Tags.ReadPairs(call.Input, Tag, Tags.MostInOneRequest);
        if (added.Count == 0)
        {
            throw KmsErrors.MissingParameter.With(Tag);
        }

        foreach (var key in call.Keys())
        {
            call.ReplaceTags(key, Tags.With(key.Tags, added, quotas.TagsPerResource));
        }

        return OperationResult.Nothing;
    }
}

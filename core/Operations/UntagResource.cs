using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>Takes tags off; keys that are not there are no fault.</summary>
internal sealed class UntagResource : IOperation
{
    private const string TagKeys = "TagKeys";

    public OperationSpec Spec { get; } = new(nameof(UntagResource), OperationKind.Mutating, ReferenceSpec.KeyOrSecretOrCertificate);

    public OperationResult Execute(OperationCall call)
    {
        var items = call.Input.Array(TagKeys) ?? [];
        if (items.Count == 0)
        {
            throw KmsErrors.MissingParameter.With(TagKeys);
        }

        string[] removed = [.. items.Select(Read)];
        call.ChangeTags(tags => tags.RemoveRange(removed));
        return OperationResult.Nothing;
    }

    private static string Read(JsonElement item) =>
        OperationInput.TextOf(TagKeys, item) is { Length: > 0 and <= Tags.MaxCharacters } tagKey
            ? tagKey
            : throw OperationInput.Invalid(TagKeys);
}

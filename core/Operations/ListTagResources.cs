using System.Text;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Tags of the named keys, or of all; with tags given, of the keys that carry every one of them (an empty value stands for any).
/// 200 rows a page, in the order of key and tag. Source: kms-api.json.
/// </summary>
internal sealed class ListTagResources(IKeyStore store) : IOperation
{
    private const string NextToken = "NextToken";
    private const int PageSize = 200;

    public OperationSpec Spec { get; } = new(nameof(ListTagResources), OperationKind.Read, ReferenceSpec.EachResourceOrAll);

    public OperationResult Execute(OperationCall call)
    {
        var carried = Tags.ReadPairs(call.Input, "Tag", Tags.MostInOneRequest);
        string[]? keyIds = call.Input.Has("ResourceId") ? [.. call.Keys().Select(key => key.KeyId)] : null;
        var isKey = call.Input.RequiredText("ResourceType") == "key";
        var rows = isKey
            ? store.ListTags(new TagQuery(call.Ticket.Account, call.Region, keyIds, carried, AfterOf(call.Input), PageSize + 1))
            : [];
        return OperationResult.Of(writer =>
        {
            if (rows.Count > PageSize)
            {
                writer.WriteString(NextToken, TokenOf(rows[PageSize - 1]));
            }

            writer.WriteStartObject("TagResources");
            writer.WriteStartArray("TagResource");
            foreach (var row in rows.Take(PageSize))
            {
                writer.WriteStartObject();
                writer.WriteString("ResourceType", "key");
                writer.WriteString("ResourceId", row.KeyId);
                writer.WriteString("TagKey", row.TagKey);
                writer.WriteString("TagValue", row.TagValue);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static string TokenOf(TagRow last) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{last.KeyId}/{last.TagKey}"));

    /// <summary>Key ids hold no slash, tag keys may.</summary>
    private static (string KeyId, string TagKey) AfterOf(OperationInput input)
    {
        if (input.Text(NextToken) is null)
        {
            return (string.Empty, string.Empty);
        }

        var text = Encoding.UTF8.GetString(input.Base64(NextToken, 1024));
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? (text[..slash], text[(slash + 1)..]) : throw OperationInput.Invalid(NextToken);
    }
}

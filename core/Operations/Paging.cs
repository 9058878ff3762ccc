using System.Text.Json;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>PageNumber from 1, default 1; PageSize 1 to 100, default 10. Source: kms-api.md section 2.</summary>
internal readonly record struct Paging(int Number, int Size)
{
    public static Paging Of(OperationInput input) => new(
        (int)(input.Integer("PageNumber", 1, int.MaxValue) ?? 1), (int)(input.Integer("PageSize", 1, 100) ?? 10));

    public OperationResult Answer<T>(Page<T> page, string list, string item, Action<Utf8JsonWriter, T> write)
    {
        var paging = this;
        return OperationResult.Of(writer =>
        {
            writer.WriteNumber("PageNumber", paging.Number);
            writer.WriteNumber("PageSize", paging.Size);
            writer.WriteNumber("TotalCount", page.TotalCount);
            writer.WriteStartObject(list);
            writer.WriteStartArray(item);
            foreach (var entry in page.Items)
            {
                writer.WriteStartObject();
                write(writer, entry);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public static void WriteAlias(Utf8JsonWriter writer, AliasRecord alias)
    {
        writer.WriteString("KeyId", alias.KeyId);
        writer.WriteString("AliasName", alias.Name);
        writer.WriteString("AliasArn", alias.Arn);
    }
}

using System.Text.Json;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>The <c>KeyVersion</c> object of the version actions. Source: kms-api.json, responses of the three.</summary>
internal static class VersionMetadata
{
    public static OperationResult Answer(VersionRow version) => OperationResult.Of(writer =>
    {
        writer.WriteStartObject("KeyVersion");
        Write(writer, version);
        writer.WriteEndObject();
    });

    public static void Write(Utf8JsonWriter writer, VersionRow version)
    {
        writer.WriteString("KeyId", version.KeyId);
        writer.WriteString("KeyVersionId", version.VersionId);
        writer.WriteString("CreationDate", KeyMetadata.Time(version.CreatedAt));
    }
}

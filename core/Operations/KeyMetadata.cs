using System.Globalization;
using System.Text.Json;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>The <c>KeyMetadata</c> object of CreateKey and DescribeKey. Source: kms-api.json, responses of both.</summary>
internal static class KeyMetadata
{
    public static OperationResult Answer(KeyRecord key, bool withProtection) => OperationResult.Of(writer =>
    {
        writer.WriteStartObject("KeyMetadata");
        writer.WriteString("KeyId", key.KeyId);
        writer.WriteString("Arn", key.Arn);
        writer.WriteString("Creator", key.Creator);
        writer.WriteString("CreationDate", Time(key.CreatedAt));
        writer.WriteString("Description", key.Description);
        writer.WriteString("KeyState", key.State.ToString());
        writer.WriteString("KeySpec", key.Spec);
        writer.WriteString("KeyUsage", key.Usage);
        writer.WriteString("Origin", key.Origin);
        writer.WriteString("ProtectionLevel", key.ProtectionLevel);
        writer.WriteString("AutomaticRotation", "Disabled");
        writer.WriteString("DeleteDate", key.DeleteAt is { } due ? Time(due) : string.Empty);
        writer.WriteString("MaterialExpireTime", string.Empty);
        WriteVersion(writer, key);
        if (withProtection)
        {
            writer.WriteString("DeletionProtection", "Disabled");
        }

        writer.WriteEndObject();
    });

    /// <summary>Whole seconds, UTC (kms-api.md section 2).</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WriteVersion(Utf8JsonWriter writer, KeyRecord key)
    {
        if (key.NewestVersionAt is { } newest)
        {
            writer.WriteString("LastRotationDate", Time(newest));
        }

        if (key.PrimaryVersion is { } version)
        {
            writer.WriteString("PrimaryKeyVersion", version);
        }
    }
}

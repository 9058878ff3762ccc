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
        writer.WriteString("DeleteDate", TimeOrNothing(key.DeleteAt));
        writer.WriteString("MaterialExpireTime", TimeOrNothing(key.HasMaterial ? key.MaterialExpiresAt : null));
        WriteVersion(writer, key);
        WriteRotation(writer, key);
        if (withProtection)
        {
            WriteProtection(writer, key);
        }

        writer.WriteEndObject();
    });

    /// <summary>Whole seconds, UTC (kms-api.md section 2).</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string TimeOrNothing(DateTimeOffset? time) => time is { } known ? Time(known) : string.Empty;

    /// <summary>A schedule rests while the key is Disabled or PendingDeletion, and is told of all the same.</summary>
    private static void WriteRotation(Utf8JsonWriter writer, KeyRecord key)
    {
        if (key.RotationInterval is not { } interval || key.NextRotationAt is not { } next)
        {
            writer.WriteString("AutomaticRotation", "Disabled");
            return;
        }

        writer.WriteString("AutomaticRotation", key.State == KeyState.Enabled ? "Enabled" : "Suspended");
        writer.WriteString("RotationInterval", RotationIntervals.Format(interval));
        writer.WriteString("NextRotationDate", Time(next));
    }

    private static void WriteProtection(Utf8JsonWriter writer, KeyRecord key)
    {
        writer.WriteString("DeletionProtection", key.IsDeletionProtected ? "Enabled" : "Disabled");
        if (key.ProtectionDescription.Length > 0)
        {
            writer.WriteString("DeletionProtectionDescription", key.ProtectionDescription);
        }
    }

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

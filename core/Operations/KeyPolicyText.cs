using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Key policies as the core keeps them: text that only the gateway understands. Source: ram-policy.md 1 and R-PRN-4.
/// </summary>
internal static class KeyPolicyText
{
    /// <summary>UTF-8 bytes of a policy.</summary>
    public const int MaxBytes = 32_768;

    /// <summary>The one name a key's policy has.</summary>
    public const string Name = "default";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The parameter Policy: a JSON object within the limit.</summary>
    public static string Read(OperationInput input) => ReadOptional(input) ?? throw KmsErrors.MissingParameter.With("Policy");

    /// <summary>The same; null when it is absent.</summary>
    public static string? ReadOptional(OperationInput input)
    {
        if (input.Object("Policy") is not { } given)
        {
            return null;
        }

        // Why written again: escapes that the way here added must not count.
        var policy = JsonSerializer.Serialize(given, Plain);
        return Encoding.UTF8.GetByteCount(policy) <= MaxBytes ? policy : throw OperationInput.Invalid("Policy");
    }

    /// <summary>
    /// Whether the key's policy holds the id of an account at all: one that does not lets nobody of it in, since principals hold the id
    /// and no wildcards (R-DOC-20). Stored texts hold no escaped digits, see <see cref="ReadOptional"/>.
    /// </summary>
    public static bool SpeaksOf(KeyRecord key, string account) => key.KeyPolicy?.Contains(account, StringComparison.Ordinal) ?? false;

    /// <summary>What holds for a key without a policy of its own: identity policies of its account decide.</summary>
    public static string DefaultOf(KeyRecord key)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("Version", "1");
            writer.WriteStartArray("Statement");
            writer.WriteStartObject();
            writer.WriteString("Sid", "kms default key policy");
            writer.WriteString("Effect", "Allow");
            WriteOne(writer, "Action", "kms:*");
            writer.WriteStartObject("Principal");
            WriteOne(writer, "RAM", $"acs:ram::{key.Account}:*");
            writer.WriteEndObject();
            WriteOne(writer, "Resource", "*");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteOne(Utf8JsonWriter writer, string member, string value)
    {
        writer.WriteStartArray(member);
        writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}

using System.Collections.Immutable;
using System.Text.Json;

namespace KmsGateway.Policy.Kms;

/// <summary>The names in a SecretsList: a JSON array of 1 to 20 objects, each with a SecretName. Source: kms-api.json, BatchGetSecretValue.</summary>
internal static class KmsCallSecretsList
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static bool TryRead(string text, out ImmutableArray<string> names)
    {
        names = [];
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Array
                || document.RootElement.GetArrayLength() is 0 or > KmsVocabulary.MaxSecretsListItems)
            {
                return false;
            }

            var read = ImmutableArray.CreateBuilder<string>();
            foreach (var item in document.RootElement.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.Object
                    || !item.TryGetProperty("SecretName", out var name)
                    || name.ValueKind != JsonValueKind.String)
                {
                    return false;
                }

                read.Add(name.GetString()!);
            }

            names = read.ToImmutable();
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            // not JSON, or text that is not well-formed UTF-16: the caller's fault, answered as such
            return false;
        }
    }
}

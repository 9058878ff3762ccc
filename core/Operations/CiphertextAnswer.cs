using System.Security.Cryptography;
using System.Text.Json;

namespace KmsGateway.Core.Operations;

/// <summary>Answer of the symmetric calls; a plaintext goes straight from its pinned bytes to the writer and is zeroed.</summary>
internal sealed class CiphertextAnswer(string keyId, string versionId, byte[]? blob, byte[]? plaintext, byte[]? exported = null)
    : OperationResult
{
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("KeyVersionId", versionId);
        writer.WriteString("KeyId", keyId);
        if (blob is not null)
        {
            writer.WriteString("CiphertextBlob", blob);
        }

        if (exported is not null)
        {
            writer.WriteString("ExportedDataKey", exported);
        }

        if (plaintext is not null)
        {
            writer.WriteString("Plaintext", plaintext);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (plaintext is not null)
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }

        base.Dispose(disposing);
    }
}

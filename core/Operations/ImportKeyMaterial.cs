using System.Security.Cryptography;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Brings material, or brings it back. What does not unwrap, is of the wrong length or is not what it was is one answer.
/// Source: kms-api.md section 8.
/// </summary>
internal sealed class ImportKeyMaterial(ImportKeys imports, ImportedMaterial materials) : IOperation
{
    private const string Expiry = "KeyMaterialExpireUnix";
    private const int MaxWrappedCharacters = 4096;

    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public OperationSpec Spec { get; } = new(nameof(ImportKeyMaterial), OperationKind.Mutating, ReferenceSpec.KeyId);

    public OperationResult Execute(OperationCall call)
    {
        var expiresAt = ExpiryOf(call);
        var wrapped = call.Input.Base64("EncryptedKeyMaterial", MaxWrappedCharacters);
        var token = call.Input.RequiredText("ImportToken");
        var key = call.Key();
        if (key.Origin != Origins.External)
        {
            throw KmsErrors.UnsupportedOrigin.With();
        }

        var parameters = ParametersOf(call, key, token);
        var material = imports.TryUnwrap(parameters, wrapped) ?? throw KmsErrors.InvalidKeyMaterial.With();
        try
        {
            materials.Import(call.Transaction, key, material, expiresAt, call.Now);
            return OperationResult.Nothing;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(material);
        }
    }

    private static DateTimeOffset? ExpiryOf(OperationCall call)
    {
        var seconds = call.Input.Integer(Expiry, 0, LastSecond) ?? 0;
        if (seconds == 0)
        {
            return null;
        }

        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return expiresAt > call.Now ? expiresAt : throw OperationInput.Invalid(Expiry);
    }

    private ImportParameters ParametersOf(OperationCall call, KeyRecord key, string text)
    {
        var token = imports.TryOpenToken(text);
        if (token is null || token.KeyId != key.KeyId)
        {
            throw KmsErrors.InvalidImportToken.With();
        }

        if (token.ExpiresAt <= call.Now)
        {
            throw KmsErrors.ExpiredImportToken.With();
        }

        return call.Transaction.FindImportParameters(token.ImportId) is { } parameters && parameters.KeyId == key.KeyId
            ? parameters
            : throw KmsErrors.InvalidImportToken.With();
    }
}

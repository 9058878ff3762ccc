using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Brings material, or brings it back. What does not unwrap, is of the wrong length or is not what it was is one answer.
/// Source: kms-api.md section 8.
/// </summary>
internal sealed class ImportKeyMaterial(ImportKeys imports, ImportedMaterial materials) : IPreparedOperation
{
    private const string Expiry = "KeyMaterialExpireUnix";
    private const int MaxWrappedCharacters = 4096;

    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public OperationSpec Spec { get; } = new(nameof(ImportKeyMaterial), OperationKind.Mutating, ReferenceSpec.KeyId);

    public ValueTask<object?> PrepareAsync(OperationCall call)
    {
        var import = Check(call);
        return new(imports.TryUnwrap(import.Parameters, import.Wrapped) ?? throw KmsErrors.InvalidKeyMaterial.With());
    }

    public OperationResult Execute(OperationCall call)
    {
        var import = Check(call);
        materials.Import(call.Transaction, import.Key, ((SecretBuffer)call.Prepared!).ExposeBytes(), import.ExpiresAt, call.Now);
        return OperationResult.Nothing;
    }

    private Import Check(OperationCall call)
    {
        var expiresAt = ExpiryOf(call);
        var wrapped = call.Input.Base64("EncryptedKeyMaterial", MaxWrappedCharacters);
        var token = call.Input.RequiredText("ImportToken");
        var key = call.Key();
        return key.Origin == Origins.External
            ? new Import(key, expiresAt, wrapped, ParametersOf(call, key, token))
            : throw KmsErrors.UnsupportedOrigin.With();
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

        return call.View.FindImportParameters(token.ImportId) is { } parameters && parameters.KeyId == key.KeyId
            ? parameters
            : throw KmsErrors.InvalidImportToken.With();
    }

    private sealed record Import(KeyRecord Key, DateTimeOffset? ExpiresAt, byte[] Wrapped, ImportParameters Parameters);
}

using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// A fresh wrapping pair and its token, good for 24 hours and for this key alone. Source: kms-api.md section 8.
/// </summary>
internal sealed class GetParametersForImport(ImportKeys imports, WrappingPairs pairs) : IPreparedOperation
{
    private const string Algorithm = "WrappingAlgorithm";

    /// <summary>Pairs of one key that are good at the same time.</summary>
    private const int MostAtOnce = 100;

    public OperationSpec Spec { get; } = new(nameof(GetParametersForImport), OperationKind.Mutating, ReferenceSpec.KeyId);

    public async ValueTask<object?> PrepareAsync(OperationCall call) => await pairs.TakeAsync(Check(call).KeySpec);

    public OperationResult Execute(OperationCall call)
    {
        var (key, algorithm, _) = Check(call);
        var pair = (WrappingPair)call.Prepared!;
        var (parameters, token) = imports.Keep(pair, key.KeyId, algorithm, call.Now);
        call.Transaction.InsertImportParameters(parameters);
        var publicKey = pair.PublicKey;
        return OperationResult.Of(writer =>
        {
            writer.WriteString("KeyId", key.KeyId);
            writer.WriteString("ImportToken", token);
            writer.WriteString("TokenExpireTime", KeyMetadata.Time(parameters.ExpiresAt));
            writer.WriteBase64String("PublicKey", publicKey);
        });
    }

    private static (KeyRecord Key, string Algorithm, string KeySpec) Check(OperationCall call)
    {
        var key = call.Key();
        var (algorithm, keySpec) = (call.Input.RequiredText(Algorithm), call.Input.RequiredText("WrappingKeySpec"));
        if (!IsOffered(algorithm, keySpec))
        {
            throw OperationInput.Invalid(Algorithm);
        }

        if (key.Origin != Origins.External)
        {
            throw KmsErrors.UnsupportedOrigin.With();
        }

        return call.View.CountImportParameters(key.KeyId, call.Now) < MostAtOnce
            ? (key, algorithm, keySpec)
            : throw KmsErrors.RejectedLimitExceeded.With();
    }

    private static bool IsOffered(string algorithm, string keySpec) =>
        WrappingAlgorithms.Fits(algorithm, keySpec) && (algorithm != WrappingAlgorithms.Pkcs1 || RawRsa.IsAvailable);
}

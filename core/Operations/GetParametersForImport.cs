using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// A fresh wrapping pair and its token, good for 24 hours and for this key alone. Source: kms-api.md section 8.
/// </summary>
internal sealed class GetParametersForImport(ImportKeys imports, PairGeneration generation) : IPreparedOperation
{
    private const string Algorithm = "WrappingAlgorithm";
    private const string KeySpecName = "WrappingKeySpec";

    /// <summary>Pairs of one key that are good at the same time.</summary>
    private const int MostAtOnce = 100;

    public OperationSpec Spec { get; } = new(nameof(GetParametersForImport), OperationKind.Mutating, ReferenceSpec.KeyId);

    public async ValueTask<object?> PrepareAsync(OperationCall call)
    {
        var (algorithm, keySpec) = (call.Input.RequiredText(Algorithm), call.Input.RequiredText(KeySpecName));
        return IsOffered(algorithm, keySpec) && call.Key().Origin == Origins.External
            ? await generation.RunAsync(() => WrappingPair.Generate(keySpec))
            : null;
    }

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        var algorithm = call.Input.RequiredText(Algorithm);
        if (!IsOffered(algorithm, call.Input.RequiredText(KeySpecName)))
        {
            throw OperationInput.Invalid(Algorithm);
        }

        if (key.Origin != Origins.External)
        {
            throw KmsErrors.UnsupportedOrigin.With();
        }

        var pair = (WrappingPair)call.Prepared!;

        if (call.Transaction.CountImportParameters(key.KeyId, call.Now) >= MostAtOnce)
        {
            throw KmsErrors.RejectedLimitExceeded.With();
        }

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

    private static bool IsOffered(string algorithm, string keySpec) =>
        WrappingAlgorithms.Fits(algorithm, keySpec) && (algorithm != WrappingAlgorithms.Pkcs1 || RawRsa.IsAvailable);
}

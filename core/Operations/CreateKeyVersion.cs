using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Another version of a key pair, at least 7 days after the last; none becomes primary, callers choose. Symmetric keys
/// rotate by their schedule and are refused here. Source: kms-api.md section 9.
/// </summary>
internal sealed class CreateKeyVersion(KeyVersions versions, CoreQuotas quotas) : IOperation
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromDays(7);

    public OperationSpec Spec { get; } = new(nameof(CreateKeyVersion), OperationKind.Mutating, ReferenceSpec.KeyIdOrAlias);

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        if (!KeySpec.All[key.Spec].IsPair || key.Origin != Origins.Kms || key.NewestVersionAt + ShortestInterval > call.Now)
        {
            throw KmsErrors.RejectedUnsupportedOperation.With();
        }

        if (call.Transaction.HasVersions(key.Account, key.Region, quotas.KeyVersionsPerRegion)
            || call.Transaction.HasVersionsOfPairs(key.Account, key.Region, CoreQuotas.VersionsOfPairsPerRegion))
        {
            throw KmsErrors.RejectedLimitExceeded.With();
        }

        var version = versions.Generate(key.KeyId, key.Spec, key.ProtectionLevel, call.Now);
        call.Transaction.InsertVersion(version);
        call.Transaction.UpdateKey(key with { NewestVersionAt = call.Now });
        return VersionMetadata.Answer(new VersionRow(key.KeyId, version.VersionId, version.CreatedAt));
    }
}

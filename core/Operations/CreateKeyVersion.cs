using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Another version of a key pair, at least some days (7) after the last; none becomes primary, callers choose. Symmetric keys
/// rotate by their schedule and are refused here. Source: kms-api.md section 9.
/// </summary>
internal sealed class CreateKeyVersion(KeyVersions versions, PairGeneration generation, CoreQuotas quotas) : IPreparedOperation
{
    public OperationSpec Spec { get; } = new(nameof(CreateKeyVersion), OperationKind.Mutating, ReferenceSpec.KeyIdOrAlias);

    public async ValueTask<object?> PrepareAsync(OperationCall call)
    {
        var key = call.Key();
        RequireDue(key, call.Now);
        // Why here too: who has no room must not have pairs made.
        var spec = KeySpec.All[key.Spec];
        if (spec.IsSlowToMake)
        {
            call.RequireRoomForVersion(quotas, isPair: true);
        }

        return await generation.RunAsync(key.Account, spec, () => versions.Generate(key.KeyId, key.Spec, key.ProtectionLevel, call.Now));
    }

    public OperationResult Execute(OperationCall call)
    {
        var key = call.Key();
        RequireDue(key, call.Now);
        call.RequireRoomForVersion(quotas, isPair: true);
        var version = (KeyVersionRecord)call.Prepared! with { CreatedAt = call.Now };
        call.Transaction.InsertVersion(version);
        call.Transaction.UpdateKey(key with { NewestVersionAt = call.Now });
        return VersionMetadata.Answer(new VersionRow(key.KeyId, version.VersionId, version.CreatedAt));
    }

    private void RequireDue(KeyRecord key, DateTimeOffset now)
    {
        var interval = TimeSpan.FromDays(quotas.AsymmetricVersionIntervalDays);
        if (!KeySpec.All[key.Spec].IsPair || key.Origin != Origins.Kms || key.NewestVersionAt + interval > now)
        {
            throw KmsErrors.RejectedUnsupportedOperation.With();
        }
    }
}

using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

internal sealed class CreateKey(
    KeyFactory factory, KeyVersions versions, PairGeneration generation, CryptoProviders providers, CoreQuotas quotas) : IPreparedOperation
{
    private const int MaxDescription = 8192;

    public OperationSpec Spec { get; } = new(nameof(CreateKey), OperationKind.Mutating, ReferenceSpec.KeyContainer);

    public async ValueTask<object?> PrepareAsync(OperationCall call)
    {
        var wanted = Wanted(call);
        if (!wanted.Spec.IsPair)
        {
            return null;
        }

        // Why here too: who has no room must not have pairs made.
        if (wanted.Spec.IsSlowToMake)
        {
            RequireRoom(call, wanted.Spec);
        }

        var keyId = wanted.KeyId ?? Guid.NewGuid().ToString("D");
        return await generation.RunAsync(call.Ticket.Account, wanted.Spec, () => versions.Generate(keyId, wanted.Spec.Name, wanted.ProtectionLevel, wanted.Now));
    }

    public OperationResult Execute(OperationCall call)
    {
        var wanted = Wanted(call) with { Version = (KeyVersionRecord?)call.Prepared };
        RequireRoom(call, wanted.Spec);
        return KeyMetadata.Answer(factory.Create(call.Transaction, wanted), withProtection: false);
    }

    private void RequireRoom(OperationCall call, KeySpec spec)
    {
        if (call.View.CountKeys(call.Ticket.Account, call.Region) >= quotas.KeysPerRegion)
        {
            throw KmsErrors.RejectedLimitExceeded.With();
        }

        call.RequireRoomForVersion(quotas, spec.IsPair);
    }

    private NewKey Wanted(OperationCall call)
    {
        var input = call.Input;
        var spec = KeySpec.All.GetValueOrDefault(input.Text("KeySpec") ?? KeySpec.Aes256.Name) ?? throw OperationInput.Invalid("KeySpec");
        var usage = input.OneOf("KeyUsage", spec.DefaultUsage, KeyUsages.EncryptDecrypt, KeyUsages.SignVerify, KeyUsages.GenerateVerifyMac);
        if (!spec.Usages.Contains(usage, StringComparer.Ordinal))
        {
            throw OperationInput.Invalid("KeyUsage");
        }

        var level = input.OneOf("ProtectionLevel", ProtectionLevels.Software, ProtectionLevels.Hsm);
        var origin = input.OneOf("Origin", Origins.Kms, Origins.External);
        if (origin == Origins.External && !spec.IsImportable)
        {
            throw OperationInput.Invalid("Origin");
        }

        var description = DescriptionOf(input);
        var tags = Tags.Read(input, "Tags", Math.Max(10, quotas.TagsPerResource));
        RequireOffered(input, spec, level);
        return new NewKey(call.Ticket.Account, call.Region, spec, usage, level, call.Now)
        {
            Description = description,
            Origin = origin,
            RotationInterval = Schedule(input, spec, origin),
            KeyId = GivenKeyId(call),
            KeyPolicy = KeyPolicyText.ReadOptional(input),
            Tags = Tags.With(KeyRecord.NoTags, tags, quotas.TagsPerResource),
        };
    }

    /// <summary>Key pairs and imported material are not rotated by a schedule (kms-api.md section 9).</summary>
    private static TimeSpan? Schedule(OperationInput input, KeySpec spec, string origin)
    {
        if (!input.Boolean("EnableAutomaticRotation"))
        {
            return null;
        }

        return spec.IsSymmetric && origin == Origins.Kms ? UpdateRotationPolicy.IntervalOf(input) : throw OperationInput.Invalid("EnableAutomaticRotation");
    }

    /// <summary>What the API knows and this service does not do yet is refused in words, never half done.</summary>
    private void RequireOffered(OperationInput input, KeySpec spec, string level)
    {
        if (!providers.Offers(level, spec.Name))
        {
            throw providers.Offers(spec.Name)
                ? KmsErrors.UnsupportedProtectionLevel.With()
                : KmsErrors.UnsupportedOperation.Because($"Keys of KeySpec {spec.Name} are not supported.");
        }

        if (input.Has("DKMSInstanceId"))
        {
            throw KmsErrors.DkmsInstanceNotFound.With();
        }
    }

    /// <summary>Only the gateway's own seed chooses a key's id; from anybody else the parameter means nothing.</summary>
    private static string? GivenKeyId(OperationCall call)
    {
        if (call.Ticket.Subject != Ticket.ServiceSubject(call.Ticket.Account, Ticket.SeedProduct) || call.Input.Text("KeyId") is not { } keyId)
        {
            return null;
        }

        return Guid.TryParseExact(keyId, "D", out _) && call.View.FindKey(keyId) is null ? keyId : throw OperationInput.Invalid("KeyId");
    }

    internal static string DescriptionOf(OperationInput input, string parameter = "Description")
    {
        var description = input.TextOrEmpty(parameter) ?? string.Empty;
        return description.Length <= MaxDescription ? description : throw OperationInput.Invalid(parameter);
    }
}

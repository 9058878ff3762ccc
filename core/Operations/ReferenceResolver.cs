using System.Buffers;
using System.Buffers.Text;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Leads the references of one account in one region to what they name. Foreign and unknown are the same, but for keys of
/// <paramref name="owners"/> that are named by their ARN or by a ciphertext.
/// </summary>
/// <param name="view">What is stored.</param>
/// <param name="account">The account.</param>
/// <param name="region">The region.</param>
/// <param name="now">Time of the request.</param>
/// <param name="owners">Other accounts whose keys the ticket was minted for; empty for nearly every call.</param>
internal sealed class ReferenceResolver(
    IKeyView view, string account, string region, DateTimeOffset now, IReadOnlyList<string>? owners = null)
{
    private readonly IReadOnlyList<string> owners = owners ?? [];

    /// <summary>What the references of a request lead to, in the order of the ticket's resources.</summary>
    public Resolved[] ResolveAll(IEnumerable<ReferenceSpec> specs, OperationInput input) =>
        [.. specs.SelectMany(spec => spec.Target == ReferenceTarget.EachResource ? EachResource(spec, input) : [Resolve(spec, input)])];

    private Resolved Resolve(ReferenceSpec spec, OperationInput input) => spec.Target switch
    {
        ReferenceTarget.KeyContainer => new Resolved(spec, ResourceArns.KeyContainer(region, account)),
        ReferenceTarget.AliasContainer => new Resolved(spec, ResourceArns.AliasContainer(region, account)),
        ReferenceTarget.Key => NamedKey(spec, input),
        ReferenceTarget.Alias or ReferenceTarget.NewAlias => Alias(spec, input.RequiredText(spec.Parameter)),
        ReferenceTarget.KeyBehindAlias => KeyBehindAlias(spec, AliasName(spec, input.RequiredText(spec.Parameter))),
        ReferenceTarget.CiphertextKey => Ciphertext(spec, input),
        ReferenceTarget.KeyOrSecretOrCertificate => OneOfThree(spec, input),
        _ => throw new InvalidOperationException("a reference without a target"),
    };

    /// <summary>A key of this account and region that is not destroyed.</summary>
    public KeyRecord? FindKey(string keyId) => FindKey(account, keyId);

    /// <summary>A key of whichever account: of this one, or one whose policy speaks of this account, so that the gateway has to read it.</summary>
    public KeyRecord? FindShared(string owner, string keyId) => OwnOrShared(FindKey(owner, keyId));

    /// <summary>The same, of the key that a version belongs to.</summary>
    public KeyRecord? FindSharedOfVersion(string versionId) =>
        view.FindKeyOfVersion(versionId) is { } keyId ? OwnOrShared(Find(keyId)) : null;

    public (AliasRecord? Alias, KeyRecord? Key) FindAlias(string name) =>
        view.FindAlias(account, region, name) is { } alias && FindKey(alias.KeyId) is { } key ? (alias, key) : (null, null);

    public KeyRecord? FindKeyOfVersion(string versionId) =>
        view.FindKeyOfVersion(versionId) is { } keyId && Find(keyId) is { } key && IsReachable(key.Account) ? key : null;

    /// <summary>The key of an ARN that this resolver reaches at all.</summary>
    public KeyRecord? FindReachable(Arn arn) =>
        IsReachable(arn.Account) && KeyIdIn(arn) is { } keyId ? FindKey(arn.Account, keyId) : null;

    private KeyRecord? FindKey(string owner, string keyId) => Find(keyId) is { } key && key.Account == owner ? key : null;

    /// <summary>A key of this region that is not destroyed.</summary>
    private KeyRecord? Find(string keyId) =>
        view.FindKey(keyId) is { } key && key.Region == region && !key.IsDestroyed(now) ? key.At(now) : null;

    private KeyRecord? OwnOrShared(KeyRecord? key) => key is not null && (key.Account == account || KeyPolicyText.SpeaksOf(key, account)) ? key : null;

    private bool IsReachable(string owner) => owner == account || owners.Contains(owner, StringComparer.Ordinal);

    /// <summary>The version id in the first 48 characters of a ciphertext; nothing else of it is looked at.</summary>
    internal static string? HeadOf(string ciphertext)
    {
        const int headCharacters = CiphertextBlob.VersionIdLength / 3 * 4;
        if (ciphertext.Length < headCharacters)
        {
            return null;
        }

        Span<byte> characters = stackalloc byte[headCharacters];
        Span<byte> head = stackalloc byte[CiphertextBlob.VersionIdLength];
        return Ascii.FromUtf16(ciphertext.AsSpan(0, headCharacters), characters, out _) == OperationStatus.Done
            && Base64.DecodeFromUtf8(characters, head, out _, out var written) == OperationStatus.Done && written == head.Length
            ? CiphertextBlob.VersionIdOf(head)
            : null;
    }

    private Resolved NamedKey(ReferenceSpec spec, OperationInput input)
    {
        var (first, second) = (input.Text(spec.Parameter), spec.Alternative is null ? null : input.Text(spec.Alternative));
        if (first is not null && second is not null && Key(spec, first).Arn != Key(spec with { Parameter = spec.Alternative! }, second).Arn)
        {
            throw OperationInput.Invalid(spec.Alternative!);
        }

        return first is null && second is not null
            ? Key(spec with { Parameter = spec.Alternative! }, second)
            : Key(spec, first ?? throw KmsErrors.MissingParameter.With(spec.Parameter));
    }

    private Resolved Key(ReferenceSpec spec, string text)
    {
        if (text.StartsWith(AliasNames.Prefix, StringComparison.Ordinal))
        {
            return spec.AcceptsAlias ? KeyBehindAlias(spec, AliasName(spec, text)) : throw KmsErrors.UnsupportedAlias.With();
        }

        var (owner, keyId) = Arn.TryParse(text, out var arn) ? (arn.Account, KeyIdOf(spec, arn)) : (account, text);
        if (!IsKeyId(keyId))
        {
            throw OperationInput.Invalid(spec.Parameter);
        }

        var key = FindKey(owner, keyId);
        return new Resolved(spec, ResourceArns.Key(region, owner, keyId))
        {
            Key = key,
            Missing = key is null ? spec.NotFound : null,
        };
    }

    private string KeyIdOf(ReferenceSpec spec, Arn arn)
    {
        if (arn.RelativeId.StartsWith(AliasNames.Prefix, StringComparison.Ordinal))
        {
            throw KmsErrors.UnsupportedAlias.With();
        }

        var keyId = KeyIdIn(arn) ?? throw OperationInput.Invalid(spec.Parameter);
        return IsReachable(arn.Account) && arn.Region == region ? keyId : throw spec.NotFound.With();
    }

    private static string? KeyIdIn(Arn arn)
    {
        const string prefix = "key/";
        return arn.Service == "kms" && arn.RelativeId.StartsWith(prefix, StringComparison.Ordinal) ? arn.RelativeId[prefix.Length..] : null;
    }

    private Resolved KeyBehindAlias(ReferenceSpec spec, string name)
    {
        var (alias, key) = FindAlias(name);
        return new Resolved(spec, key?.Arn ?? ResourceArns.Key(region, account, name))
        {
            Key = key,
            Alias = alias,
            IsThroughAlias = true,
            Missing = key is null ? KmsErrors.AliasNotFound : null,
        };
    }

    private Resolved Alias(ReferenceSpec spec, string text)
    {
        var name = AliasName(spec, text);
        var (alias, key) = FindAlias(name);
        return new Resolved(spec, ResourceArns.Alias(region, account, name))
        {
            Alias = alias,
            Key = key,
            Missing = alias is null && spec.Target == ReferenceTarget.Alias ? KmsErrors.AliasNotFound : null,
        };
    }

    private Resolved Ciphertext(ReferenceSpec spec, OperationInput input)
    {
        var text = input.RequiredText(spec.Parameter);
        return spec.Alternative is not null && input.Text(spec.Alternative) is { } named
            ? Key(spec with { Target = ReferenceTarget.Key, Parameter = spec.Alternative, AcceptsAlias = true }, named)
            : CiphertextKey(spec, text);
    }

    private Resolved[] EachResource(ReferenceSpec spec, OperationInput input)
    {
        var isKey = input.RequiredText("ResourceType") switch
        {
            "key" => true,
            "secret" => false,
            _ => throw OperationInput.Invalid("ResourceType"),
        };
        var ids = input.Texts(spec.Parameter, KmsVocabulary.MaxResourceIds);
        if (ids.Count > 0)
        {
            return [.. ids.Select(id => isKey ? Key(spec, id) : Secret(spec, id))];
        }

        var container = isKey ? ResourceArns.KeyContainer(region, account) : ResourceArns.SecretContainer(region, account);
        return spec.IsOptional ? [new Resolved(spec, container)] : throw KmsErrors.MissingParameter.With(spec.Parameter);
    }

    private Resolved Secret(ReferenceSpec spec, string name) => SecretNames.AreValid(name)
        ? new Resolved(spec, ResourceArns.Secret(region, account, name)) { Missing = spec.NotFound }
        : throw OperationInput.Invalid(spec.Parameter);

    private Resolved CiphertextKey(ReferenceSpec spec, string text)
    {
        var versionId = HeadOf(text);
        var key = versionId is null ? null : FindKeyOfVersion(versionId);
        return new Resolved(spec, key?.Arn ?? ResourceArns.Key(region, account, TicketCheck.Unresolved))
        {
            Key = key,
            VersionId = key is null ? null : versionId,
        };
    }

    private Resolved OneOfThree(ReferenceSpec spec, OperationInput input)
    {
        string?[] given = [input.Text("KeyId"), input.Text("SecretName"), input.Text("CertificateId")];
        return given switch
        {
            [{ } keyId, null, null] => Key(spec, keyId),
            [null, { } secret, null] when SecretNames.AreValid(secret) =>
                new Resolved(spec, ResourceArns.Secret(region, account, secret)) { Missing = KmsErrors.ResourceNotFound },
            [null, null, { } certificate] when IsKeyId(certificate) =>
                new Resolved(spec, ResourceArns.Certificate(region, account, certificate)) { Missing = KmsErrors.CertificateNotFound },
            [null, null, null] => throw KmsErrors.MissingParameter.With("KeyId"),
            [null, not null, null] => throw OperationInput.Invalid("SecretName"),
            [null, null, not null] => throw OperationInput.Invalid("CertificateId"),
            _ => throw OperationInput.Invalid("KeyId"),
        };
    }

    private static string AliasName(ReferenceSpec spec, string text) =>
        AliasNames.AreValid(text) ? text : throw OperationInput.Invalid(spec.Parameter);

    /// <summary>Ids are UUID texts; what else could be one is looked up and not found, the rest is a fault.</summary>
    private static bool IsKeyId(string text) =>
        text.Length is > 0 and <= 64 && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}

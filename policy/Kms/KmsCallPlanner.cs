using System.Collections.Immutable;

namespace KmsGateway.Policy.Kms;

/// <summary>Turns the parameters of one call into references and planned checks; one method per kind of target.</summary>
internal sealed partial class KmsCallPlanner(KmsAction action, Func<string, string?> parameters, string account, string region)
{
    private readonly List<KmsReference> references = [];
    private readonly List<KmsPlannedCheck> plan = [];

    public ImmutableArray<KmsReference> References => [.. references];

    public ImmutableArray<KmsPlannedCheck> Plan => [.. plan];

    public KmsCallFault? Read()
    {
        foreach (var check in action.Checks)
        {
            if (Read(check) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private KmsCallFault? Read(CheckSpec check) => check.Target switch
    {
        CheckTargetKind.Anything => Literal(check, "*"),
        CheckTargetKind.KeyContainer => Literal(check, ArnOf("key")),
        CheckTargetKind.AliasContainer => Literal(check, ArnOf("alias")),
        CheckTargetKind.SecretContainer => Literal(check, ArnOf("secret")),
        CheckTargetKind.CertificateContainer => Literal(check, ArnOf("certificate")),
        CheckTargetKind.Key => NamedKey(check),
        CheckTargetKind.Alias => Alias(check),
        CheckTargetKind.KeyBehindAlias => KeyBehindAlias(check),
        CheckTargetKind.CiphertextKey => CiphertextKey(check),
        CheckTargetKind.Secret => Secret(check, KmsPlannedUse.Found),
        CheckTargetKind.SecretKey => Secret(check, KmsPlannedUse.EncryptionKey),
        CheckTargetKind.Certificate => Certificate(check, check.Parameter!),
        CheckTargetKind.KeyOrSecretOrCertificate => KeyOrSecretOrCertificate(check),
        CheckTargetKind.EachResource => EachResource(check),
        CheckTargetKind.EachSecret => EachSecret(check, KmsPlannedUse.Found),
        CheckTargetKind.EachSecretKey => EachSecret(check, KmsPlannedUse.EncryptionKey),
        _ => throw new InvalidOperationException("a check has a target"),
    };

    private KmsCallFault? Literal(CheckSpec check, string resource)
    {
        plan.Add(new(check, KmsPlannedUse.Literal, resource));
        return null;
    }

    private KmsCallFault? Absent(CheckSpec check, string resource, KmsCallFault absent)
    {
        plan.Add(new(check, KmsPlannedUse.Literal, resource, Absent: absent));
        return null;
    }

    private KmsCallFault? Found(CheckSpec check, KmsReference reference, string resource, KmsCallFault absent)
    {
        plan.Add(new(check, KmsPlannedUse.Found, resource, IndexOf(reference), absent));
        return null;
    }

    private int IndexOf(KmsReference reference)
    {
        var index = references.IndexOf(reference);
        if (index < 0)
        {
            index = references.Count;
            references.Add(reference);
        }

        return index;
    }

    private string ArnOf(string relativeId) => $"acs:kms:{region}:{account}:{relativeId}";
}

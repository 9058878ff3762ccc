using System.Globalization;

namespace KmsGateway.Policy.Kms;

/// <content>Secrets, certificates, and parameters that name several resources.</content>
internal sealed partial class KmsCallPlanner
{
    private const string KeyId = "KeyId";
    private const string SecretName = "SecretName";
    private const string CertificateId = "CertificateId";
    private const string ResourceType = "ResourceType";

    private KmsCallFault? Secret(CheckSpec check, KmsPlannedUse use) =>
        parameters(check.Parameter!) is { } name
            ? Secret(check, check.Parameter!, name, use)
            : KmsCallFault.Missing(check.Parameter!);

    private KmsCallFault? Secret(
        CheckSpec check, string parameter, string name, KmsPlannedUse use, string notFound = KmsCallFault.SecretNotFound)
    {
        if (!KmsCallSyntax.IsSecretName(name))
        {
            return KmsCallFault.Invalid(parameter);
        }

        var reference = new KmsReference(KmsReferenceKind.Secret, name, account, region);
        plan.Add(new(check, use, ArnOf($"secret/{name}"), IndexOf(reference), new(notFound, parameter)));
        return null;
    }

    private KmsCallFault? Certificate(CheckSpec check, string parameter)
    {
        if (parameters(parameter) is not { } id)
        {
            return KmsCallFault.Missing(parameter);
        }

        return KmsCallSyntax.IsUuid(id)
            ? Found(
                check,
                new(KmsReferenceKind.Certificate, id, account, region),
                ArnOf($"certificate/{id}"),
                new(KmsCallFault.CertificateNotFound, parameter))
            : KmsCallFault.Invalid(parameter);
    }

    private KmsCallFault? KeyOrSecretOrCertificate(CheckSpec check)
    {
        string[] given = [.. new[] { KeyId, SecretName, CertificateId }.Where(name => parameters(name) is not null)];
        return given switch
        {
            [] => KmsCallFault.Missing(KeyId),
            [KeyId] => Key(check, KeyId, parameters(KeyId)!),
            [SecretName] => Secret(check, SecretName, parameters(SecretName)!, KmsPlannedUse.Found),
            [CertificateId] => Certificate(check, CertificateId),
            _ => KmsCallFault.Invalid(given[1]),
        };
    }

    private KmsCallFault? EachResource(CheckSpec check)
    {
        if (parameters(ResourceType) is not { } type)
        {
            return KmsCallFault.Missing(ResourceType);
        }

        if (type is not ("key" or "secret"))
        {
            return KmsCallFault.Invalid(ResourceType);
        }

        var parameter = check.Parameter!;
        var count = 0;
        while (parameters(Numbered(parameter, count + 1)) is { } id)
        {
            count++;
            var fault = count > KmsVocabulary.MaxResourceIds ? KmsCallFault.Invalid(parameter) : OneResource(check, parameter, type, id);
            if (fault is not null)
            {
                return fault;
            }
        }

        if (count == 0 && check.IsOptional)
        {
            return Literal(check, ArnOf(type));
        }

        return count == 0 ? KmsCallFault.Missing(parameter) : null;
    }

    private KmsCallFault? OneResource(CheckSpec check, string parameter, string type, string id) =>
        type == "key"
            ? Key(check, parameter, id, KmsCallFault.ResourceIdNotFound)
            : Secret(check, parameter, id, KmsPlannedUse.Found, KmsCallFault.ResourceIdNotFound);

    private KmsCallFault? EachSecret(CheckSpec check, KmsPlannedUse use)
    {
        var parameter = check.Parameter!;
        if (parameters(parameter) is not { } text)
        {
            return KmsCallFault.Missing(parameter);
        }

        if (!KmsCallSecretsList.TryRead(text, out var names))
        {
            return KmsCallFault.Invalid(parameter);
        }

        foreach (var name in names)
        {
            if (Secret(check, parameter, name, use) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string Numbered(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}.{number}");
}

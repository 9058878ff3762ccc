namespace KmsGateway.Core.Certificates;

/// <summary>
/// What an authority made of a request, held against it: key, validity, and each issuer in order. No revocation lists, name
/// constraints or policies are looked at, and no root is trusted more than another: the caller chose the authority.
/// </summary>
/// <param name="Certificate">PEM.</param>
/// <param name="Chain">PEM of the issuers, nearest first; null where there are none.</param>
internal sealed record IssuedCertificate(string Certificate, string? Chain)
{
    private const string Own = "Certificate";
    private const string Issuers = "CertificateChain";

    /// <summary>Reads and checks both texts.</summary>
    /// <exception cref="KmsGateway.Core.Contract.KmsException">InvalidParameter with the fault.</exception>
    public static IssuedCertificate Read(string certificate, string? chain, CertificateRecord record, DateTimeOffset now)
    {
        var own = Fields(PemCertificates.Read(certificate, Own, 1)[0], Own, "the certificate");
        CertificateFields[] issuers = chain is null
            ? []
            : [.. PemCertificates.Read(chain, Issuers, PemCertificates.MostIssuers).Select((der, index) => Fields(der, Issuers, NameOf(index)))];

        // Why first: a key that is the request's own needs no list.
        if (!own.PublicKey.AsSpan().SequenceEqual(record.PublicKey.AsSpan()))
        {
            throw CertificateFault.Of(Own, "its public key is not that of the request");
        }

        RequireCurrent(own, now, Own, "the certificate");
        for (var index = 0; index < issuers.Length; index++)
        {
            RequireIssuer(issuers[index], index, now);
        }

        RequireSignatures([own, .. issuers]);
        return new IssuedCertificate(
            PemCertificates.Write([own.Der]), issuers.Length == 0 ? null : PemCertificates.Write(issuers.Select(issuer => issuer.Der)));
    }

    private static CertificateFields Fields(byte[] der, string parameter, string name)
    {
        var fields = CertificateFields.TryRead(der) ?? throw CertificateFault.Of(parameter, $"{name} is no X.509 certificate of version 3 in DER");
        if (IssuerKeys.NameOf(fields.SignatureOid) is null)
        {
            throw CertificateFault.Of(parameter, $"{name} is signed with an algorithm that is not supported");
        }

        return fields.HasUnknownCritical ? throw CertificateFault.Of(parameter, $"{name} has a critical extension that is not supported") : fields;
    }

    private static void RequireCurrent(CertificateFields fields, DateTimeOffset now, string parameter, string name)
    {
        if (now < fields.NotBefore)
        {
            throw CertificateFault.Of(parameter, $"{name} is not valid yet");
        }

        if (now > fields.NotAfter)
        {
            throw CertificateFault.Of(parameter, $"{name} has expired");
        }
    }

    /// <param name="issuer">One of the chain.</param>
    /// <param name="below">How many issuers stand between it and the certificate.</param>
    /// <param name="now">Time of the request.</param>
    private static void RequireIssuer(CertificateFields issuer, int below, DateTimeOffset now)
    {
        var name = NameOf(below);
        RequireCurrent(issuer, now, Issuers, name);
        if (!IssuerKeys.IsListed(issuer.PublicKey))
        {
            throw CertificateFault.Of(Issuers, $"{name} has a key of a kind or size that is not supported");
        }

        if (!issuer.Constraints.IsAuthority || !issuer.MaySignCertificates)
        {
            throw CertificateFault.Of(Issuers, $"{name} may not issue certificates");
        }

        if (issuer.Constraints.PathLength < below)
        {
            throw CertificateFault.Of(Issuers, $"{name} may not have so many issuers below it");
        }
    }

    /// <summary>Each is signed by the next; one that names itself as issuer, by itself, and stands last.</summary>
    private static void RequireSignatures(CertificateFields[] path)
    {
        for (var index = 0; index < path.Length; index++)
        {
            var (parameter, name) = index == 0 ? (Own, "the certificate") : (Issuers, NameOf(index - 1));
            var isLast = index == path.Length - 1;
            if (isLast && !path[index].IsSelfIssued)
            {
                // Why: roots may be left out, and then there is nobody to hold the last one against.
                return;
            }

            var issuer = isLast ? path[index] : path[index + 1];
            if (!path[index].Issuer.AsSpan().SequenceEqual(issuer.Subject))
            {
                throw CertificateFault.Of(Issuers, $"{NameOf(index)} is not the issuer that {name} names");
            }

            if (!IssuerKeys.Signed(issuer.PublicKey, path[index]))
            {
                throw CertificateFault.Of(parameter, $"the signature of {name} is not that of its issuer");
            }
        }
    }

    private static string NameOf(int index) => $"certificate {index + 1} of the chain";
}

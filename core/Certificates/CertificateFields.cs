using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KmsGateway.Core.Certificates;

/// <summary>The fields of one X.509 certificate, read from DER before any library sees its key. Source: RFC 5280, 4.1.</summary>
internal sealed record CertificateFields
{
    private const string BasicConstraintsOid = "2.5.29.19";
    private const string KeyUsageOid = "2.5.29.15";
    private const string SubjectKeyIdentifierOid = "2.5.29.14";
    private const string AlternativeNamesOid = "2.5.29.17";
    private const string ExtendedKeyUsageOid = "2.5.29.37";
    private const string PoliciesOid = "2.5.29.32";

    /// <summary>Counted from 0.</summary>
    private const int VersionThree = 2;

    /// <summary>Those whose meaning is kept, or has none for what is done here.</summary>
    private static readonly string[] Understood = [BasicConstraintsOid, KeyUsageOid, AlternativeNamesOid, ExtendedKeyUsageOid, PoliciesOid];

    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    public required byte[] Der { get; init; }

    /// <summary>What is signed.</summary>
    public required byte[] Signed { get; init; }

    public required string SignatureOid { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>DER Name.</summary>
    public required byte[] Issuer { get; init; }

    /// <summary>DER Name.</summary>
    public required byte[] Subject { get; init; }

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Bytes of the number in hexadecimal.</summary>
    public required string Serial { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    private ImmutableDictionary<string, (bool IsCritical, byte[] Value)> Extensions { get; init; } =
        ImmutableDictionary.Create<string, (bool, byte[])>(StringComparer.Ordinal);

    public bool IsSelfIssued => Issuer.AsSpan().SequenceEqual(Subject);

    /// <summary>Whether it holds a critical extension that is not heeded here.</summary>
    public bool HasUnknownCritical => Extensions.Any(extension => extension.Value.IsCritical && !Understood.Contains(extension.Key, StringComparer.Ordinal));

    /// <summary>Of its basicConstraints, whether it may issue, and how many issuers may stand below it; null for any number.</summary>
    public (bool IsAuthority, int? PathLength) Constraints { get; private init; }

    /// <summary>False when it says what its key is for, and signing certificates is not part of it.</summary>
    public bool MaySignCertificates { get; private init; } = true;

    /// <summary>DNS names it is for.</summary>
    public IReadOnlyList<string> HostNames { get; private init; } = [];

    /// <summary>In hexadecimal: as it says itself, or SHA-1 of its key as RFC 5280 makes one.</summary>
    public string SubjectKeyIdentifier { get; private init; } = string.Empty;

    /// <summary><see cref="Issuer"/> as text.</summary>
    public string IssuerText { get; private init; } = string.Empty;

    /// <summary><see cref="Subject"/> as text.</summary>
    public string SubjectText { get; private init; } = string.Empty;

    /// <summary>Null for what is no certificate, in DER and whole.</summary>
    public static CertificateFields? TryRead(byte[] der)
    {
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.DER);
            var certificate = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var signed = certificate.PeekEncodedValue().ToArray();
            var body = certificate.ReadSequence();
            var algorithm = certificate.ReadEncodedValue().ToArray();
            var signature = certificate.ReadBitString(out var unused);
            certificate.ThrowIfNotEmpty();
            return unused == 0 ? WithExtensions(ReadBody(body, algorithm) with { Der = der, Signed = signed, Signature = signature }) : null;
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    private static CertificateFields ReadBody(AsnReader body, byte[] algorithm)
    {
        var wrapper = body.ReadSequence(VersionTag);
        var isThird = wrapper.TryReadInt32(out var version) && version == VersionThree;
        wrapper.ThrowIfNotEmpty();
        var serial = body.ReadIntegerBytes().ToArray();
        var inner = body.ReadEncodedValue();
        if (!isThird || !inner.Span.SequenceEqual(algorithm))
        {
            throw new AsnContentException();
        }

        var issuer = body.ReadEncodedValue().ToArray();
        var validity = body.ReadSequence();
        var (from, until) = (ReadTime(validity), ReadTime(validity));
        validity.ThrowIfNotEmpty();
        var subject = body.ReadEncodedValue().ToArray();
        var publicKey = body.ReadEncodedValue().ToArray();
        return new CertificateFields
        {
            Der = [],
            Signed = [],
            Signature = [],
            SignatureOid = new AsnReader(algorithm, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier(),
            Serial = Convert.ToHexString(serial.AsSpan(serial is [0, _, ..] ? 1 : 0)),
            Issuer = issuer,
            Subject = subject,
            PublicKey = publicKey,
            NotBefore = from,
            NotAfter = until,
            Extensions = ReadExtensions(body),
        };
    }

    private static DateTimeOffset ReadTime(AsnReader validity) => validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
        ? validity.ReadUtcTime(twoDigitYearMax: 2049)
        : validity.ReadGeneralizedTime();

    private static ImmutableDictionary<string, (bool IsCritical, byte[] Value)> ReadExtensions(AsnReader body)
    {
        var found = ImmutableDictionary.CreateBuilder<string, (bool IsCritical, byte[] Value)>(StringComparer.Ordinal);
        if (body.HasData)
        {
            var wrapper = body.ReadSequence(ExtensionsTag);
            body.ThrowIfNotEmpty();
            var list = wrapper.ReadSequence();
            wrapper.ThrowIfNotEmpty();
            while (list.HasData)
            {
                var extension = list.ReadSequence();
                var oid = extension.ReadObjectIdentifier();
                var isCritical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
                var value = extension.ReadOctetString();
                extension.ThrowIfNotEmpty();
                if (!found.TryAdd(oid, (isCritical, value)))
                {
                    throw new AsnContentException();
                }
            }
        }

        return found.ToImmutable();
    }

    private static CertificateFields WithExtensions(CertificateFields fields) => fields with
    {
        IssuerText = new X500DistinguishedName(fields.Issuer).Name,
        SubjectText = new X500DistinguishedName(fields.Subject).Name,
        Constraints = fields.Find(BasicConstraintsOid) is { } constraints ? ConstraintsIn(new X509BasicConstraintsExtension(new AsnEncodedData(constraints), critical: true)) : default,
        MaySignCertificates = fields.Find(KeyUsageOid) is not { } usage
            || new X509KeyUsageExtension(new AsnEncodedData(usage), critical: true).KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign),
        HostNames = fields.Find(AlternativeNamesOid) is { } names ? [.. new X509SubjectAlternativeNameExtension(names).EnumerateDnsNames()] : [],
        SubjectKeyIdentifier = fields.Find(SubjectKeyIdentifierOid) is { } identifier
            ? Convert.ToHexString(new AsnReader(identifier, AsnEncodingRules.DER).ReadOctetString())
            : new X509SubjectKeyIdentifierExtension(System.Security.Cryptography.X509Certificates.PublicKey.CreateFromSubjectPublicKeyInfo(fields.PublicKey, out _), critical: false).SubjectKeyIdentifier!,
    };

    private static (bool IsAuthority, int? PathLength) ConstraintsIn(X509BasicConstraintsExtension constraints) =>
        (constraints.CertificateAuthority, constraints.HasPathLengthConstraint ? constraints.PathLengthConstraint : null);

    private byte[]? Find(string oid) => Extensions.TryGetValue(oid, out var extension) ? extension.Value : null;
}

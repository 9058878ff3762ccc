using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>The two certificates of the local CA: ECDSA P-256, SHA-256, extensions as RFC 5280 asks of a CA and a TLS server.</summary>
internal static class CertificateBuilder
{
    /// <summary>Life of the CA; when it ends, clients must trust a new one.</summary>
    public const int CaYears = 10;

    /// <summary>Life of a server certificate: what clients with the strictest rules still take.</summary>
    public static readonly TimeSpan LeafLife = TimeSpan.FromDays(397);

    private const int SerialBytes = 20;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // Why: a client whose clock is a little behind must not refuse a certificate that is a minute old.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromHours(1);

    /// <summary>A self-signed CA that may issue server certificates only, no further CAs.</summary>
    public static X509Certificate2 CreateCa(ECDsa key, DateTimeOffset now)
    {
        var name = $"CN=KmsGateway local CA {Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var subjectKey = new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(subjectKey);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(subjectKey));
        var generator = X509SignatureGenerator.CreateForECDsa(key);
        return request.Create(request.SubjectName, generator, now - ClockSkew, now.AddYears(CaYears), NewSerial());
    }

    /// <summary>A server certificate for the names, never longer than its CA.</summary>
    public static X509Certificate2 CreateLeaf(X509Certificate2 ca, ECDsa caKey, ECDsa key, IEnumerable<string> names, DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=KmsGateway", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(SubjectNames(names));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(ca, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var end = now + LeafLife;
        var caEnd = new DateTimeOffset(ca.NotAfter);
        return request.Create(
            ca.SubjectName, X509SignatureGenerator.CreateForECDsa(caKey), now - ClockSkew, end < caEnd ? end : caEnd, NewSerial());
    }

    private static X509Extension SubjectNames(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }

    /// <summary>158 random bits, positive, never with a leading zero byte.</summary>
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}

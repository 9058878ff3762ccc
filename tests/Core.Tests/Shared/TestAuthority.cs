using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KmsGateway.Core.Tests;

/// <summary>An authority of the framework's own making, whose certificates can be wrong in one thing each.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset now;
    private readonly X500DistinguishedName name;

    private TestAuthority(DateTimeOffset now, string name) => (this.now, this.name) = (now, new X500DistinguishedName($"CN={name}"));

    /// <summary>PEM of its own certificate.</summary>
    public string Pem { get; private set; } = string.Empty;

    public static TestAuthority Root(DateTimeOffset now, string name = "Root", Action<CertificateRequest>? with = null)
    {
        var authority = new TestAuthority(now, name);
        authority.Pem = authority.Make(authority.name, authority.PublicKey, authority.With(with), 1000, 0);
        return authority;
    }

    /// <summary>One below this.</summary>
    public TestAuthority Below(string below, Action<CertificateRequest>? with = null, int daysBefore = 500, int daysAfter = 500)
    {
        var authority = new TestAuthority(now, below);
        authority.Pem = Make(authority.name, authority.PublicKey, authority.With(with), daysAfter, daysBefore);
        return authority;
    }

    /// <summary>PEM of a certificate for a request, as it says.</summary>
    public string Issue(string request, int daysBefore = 1, int daysAfter = 100, Action<CertificateRequest>? with = null)
    {
        var read = CertificateRequest.LoadSigningRequestPem(
            request, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
        return Make(read.SubjectName, read.PublicKey, [.. read.CertificateExtensions], daysAfter, daysBefore, with);
    }

    public static X509Extension Constraints(bool isAuthority, int? length = null) =>
        new X509BasicConstraintsExtension(isAuthority, length is not null, length ?? 0, critical: true);

    public void Dispose() => key.Dispose();

    private PublicKey PublicKey => new(key);

    private X509Extension[] With(Action<CertificateRequest>? with)
    {
        var request = new CertificateRequest(name, PublicKey, HashAlgorithmName.SHA256);
        with?.Invoke(request);
        return request.CertificateExtensions.Any(extension => extension is X509BasicConstraintsExtension)
            ? [.. request.CertificateExtensions]
            : [Constraints(true), .. request.CertificateExtensions];
    }

    private string Make(
        X500DistinguishedName subject, PublicKey publicKey, X509Extension[] extensions, int daysAfter, int daysBefore, Action<CertificateRequest>? with = null)
    {
        var request = new CertificateRequest(subject, publicKey, HashAlgorithmName.SHA256);
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        with?.Invoke(request);
        using var made = request.Create(
            name, X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-daysBefore), now.AddDays(daysAfter), [1, 2, 3, 4]);
        return made.ExportCertificatePem() + "\n";
    }
}

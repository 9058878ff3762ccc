using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>A server certificate, ready to be spoken with.</summary>
/// <param name="Thumbprint">SHA-256, hex.</param>
/// <param name="NotAfter">When it expires.</param>
/// <param name="Context">Leaf, key and chain. Why kept: sessions are resumed only under the same context.</param>
internal sealed record ServerCertificate(string Thumbprint, DateTimeOffset NotAfter, SslStreamCertificateContext Context)
{
    /// <summary>Takes the certificate over; <paramref name="chain"/> may be disposed afterwards.</summary>
    public static ServerCertificate Of(X509Certificate2 leafWithKey, X509Certificate2Collection chain) =>
        new(
            leafWithKey.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256),
            new DateTimeOffset(leafWithKey.NotAfter),
            SslStreamCertificateContext.Create(leafWithKey, chain, offline: true));
}

/// <summary>Where the server certificate comes from: the local CA, or files of the operator.</summary>
internal interface IServerCertificateSource
{
    /// <summary>The certificate to use from now on. Called at start and every hour.</summary>
    ServerCertificate Load();
}

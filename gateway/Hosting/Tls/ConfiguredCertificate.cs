using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>The operator's own certificate: PEM chain, leaf first, and PEM key.</summary>
internal sealed class ConfiguredCertificate(string certificateFile, string keyFile) : IServerCertificateSource
{
    /// <inheritdoc />
    /// <exception cref="StartupException">64: a file cannot be read, or the two do not belong together.</exception>
    public ServerCertificate Load()
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            return ServerCertificate.Of(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), chain);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                StartupException.BadSettings,
                $"The certificate in {certificateFile} with the key in {keyFile} (Kms:Tls:CertificateFile, Kms:Tls:KeyFile) cannot be used: {exception.Message}",
                exception);
        }
    }
}

using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Protocols;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>Fetches discovery documents and JWKS: over TLS (or http on loopback), without following redirects, of bounded size and time.</summary>
internal sealed class IssuerDocuments : IDocumentRetriever, IDisposable
{
    private const int MaxBytes = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient client;

    /// <summary>Trusts the CA in <paramref name="caFile"/>, or those of the system.</summary>
    public IssuerDocuments(string? caFile)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (caFile is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509Certificate2.CreateFromPem(File.ReadAllText(caFile)) },
            };
        }

        client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = MaxBytes };
    }

    /// <summary>http on loopback: for an issuer on the same machine.</summary>
    public static bool IsLocal(Uri uri) => uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback;

    /// <inheritdoc />
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || IsLocal(uri)))
        {
            throw new IOException("an issuer's documents are fetched over https");
        }

        try
        {
            return await client.GetStringAsync(uri, cancel);
        }
        catch (TaskCanceledException exception) when (!cancel.IsCancellationRequested)
        {
            throw new IOException("the issuer did not answer in time", exception);
        }
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();
}

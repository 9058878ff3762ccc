using Microsoft.IdentityModel.Protocols;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>
/// The documents of one provider: over https, or over http on loopback when that is where its issuer is. A <c>jwks_uri</c> is
/// what the issuer says it is: it must not lead an https issuer's keys to whoever listens on this machine.
/// </summary>
internal sealed class ProviderDocuments(OidcProvider provider, IDocumentRetriever documents) : IDocumentRetriever
{
    private readonly bool isLocal = IssuerDocuments.IsLocal(new Uri(provider.Issuer));

    /// <inheritdoc />
    public Task<string> GetDocumentAsync(string address, CancellationToken cancel) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (isLocal && IssuerDocuments.IsLocal(uri)))
            ? documents.GetDocumentAsync(address, cancel)
            : throw new IOException("an issuer's documents are fetched over https");
}

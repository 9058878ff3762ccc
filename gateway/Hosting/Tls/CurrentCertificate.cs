using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>The certificate that handshakes use; replaced whole, while connections go on.</summary>
internal sealed class CurrentCertificate(IServerCertificateSource source)
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private ServerCertificate? current;

    /// <summary>The certificate of the next handshake.</summary>
    public ServerCertificate Value => Volatile.Read(ref current) ?? throw new InvalidOperationException("the certificate is loaded before anything listens");

    /// <summary>Asks the source again; true when the certificate changed. When the source fails, the old one stays.</summary>
    public bool Refresh()
    {
        var loaded = source.Load();
        var old = Volatile.Read(ref current);
        if (string.Equals(old?.Thumbprint, loaded.Thumbprint, StringComparison.Ordinal))
        {
            return false;
        }

        Volatile.Write(ref current, loaded);
        return true;
    }

    /// <summary>TLS 1.2 or later, HTTP/2 and HTTP/1.1, the current certificate.</summary>
    public TlsHandshakeCallbackOptions HandshakeOptions() => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Value.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [.. Protocols],
        }),
    };
}

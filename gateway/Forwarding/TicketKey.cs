using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>
/// The key pair that signs tickets. The private half is <c>ticket.key</c> (0600) and never leaves the gateway; the public
/// half is <c>ticket.pub</c>, for <c>Kms:Tickets:PublicKeys</c> of a core that runs alone. Source: decisions.md D2.
/// </summary>
internal sealed class TicketKey : IDisposable
{
    private readonly ECDsa pair;

    private TicketKey(ECDsa pair)
    {
        this.pair = pair;
        PublicKeyPem = pair.ExportSubjectPublicKeyInfoPem();

        // Why a factory of its own: the shared one keeps signers by key, and hands a later service over the same data one that is disposed.
        var key = new ECDsaSecurityKey(pair) { CryptoProviderFactory = new CryptoProviderFactory() };
        Credentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>SubjectPublicKeyInfo, PEM.</summary>
    public string PublicKeyPem { get; }

    /// <summary>For the minter.</summary>
    public SigningCredentials Credentials { get; }

    /// <summary>Reads the pair, or makes it at first start; <c>ticket.pub</c> is written anew when it is missing.</summary>
    public static TicketKey Open(DataDirectory data)
    {
        var opened = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var path = data.FilePath("ticket.key");
        try
        {
            if (File.Exists(path))
            {
                opened.ImportFromPem(File.ReadAllText(path));
            }
            else
            {
                data.WriteOwnerOnly("ticket.key", Encoding.ASCII.GetBytes(opened.ExportPkcs8PrivateKeyPem()));
            }
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            opened.Dispose();
            throw new StartupException(StartupException.CouldNotStart, $"{path} does not hold a P-256 private key in PEM.", exception);
        }

        var key = new TicketKey(opened);
        data.WriteOwnerOnly("ticket.pub", Encoding.ASCII.GetBytes(key.PublicKeyPem));
        return key;
    }

    public void Dispose() => pair.Dispose();
}

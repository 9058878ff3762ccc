using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Hosting.Tls;

/// <summary>
/// The CA in <c>&lt;data&gt;/tls</c>: <c>ca.key</c>, <c>ca.pem</c>, and the server certificate it issued, <c>server.key</c>,
/// <c>server.pem</c>. Made at first start and used ever after, because clients were told to trust it. Source: decisions.md D8.
/// </summary>
/// <remarks>
/// Invariant: a key is on disk before its certificate, each file whole or absent. So a crash leaves a key without a certificate,
/// or a new server key beside the old certificate; both are put right by the next start. A CA certificate without its key
/// cannot come from a crash and is refused.
/// </remarks>
internal sealed class LocalCertificateAuthority : IServerCertificateSource
{
    private const string CaKey = "ca.key";
    private const string Ca = "ca.pem";
    private const string LeafKey = "server.key";
    private const string Leaf = "server.pem";
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly string[] AlwaysNamed = ["127.0.0.1", "::1", "localhost"];

    private readonly CertificateFiles files;
    private readonly TimeProvider clock;
    private readonly string[] names;

    /// <param name="data">Taken by this process.</param>
    /// <param name="furtherNames">Host names and addresses besides loopback: the host's and the operator's.</param>
    /// <param name="clock">Decides about renewal.</param>
    public LocalCertificateAuthority(DataDirectory data, IEnumerable<string> furtherNames, TimeProvider clock)
    {
        files = new CertificateFiles(data);
        this.clock = clock;
        names = [.. AlwaysNamed.Concat(furtherNames).Select(Canonical).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>What clients are told to trust.</summary>
    public string CaPath => files.PathOf(Ca);

    /// <summary>
    /// The server certificate: the one on disk while it has the right names and at least 30 days to go, else a new one under the
    /// same CA.
    /// </summary>
    /// <exception cref="StartupException">The CA's files are damaged, or the CA has expired.</exception>
    public ServerCertificate Load()
    {
        files.CreateFolder();
        using var caKey = LoadOrCreateCaKey();
        using var ca = LoadOrCreateCa(caKey);
        return LoadLeaf(ca) ?? IssueLeaf(ca, caKey);
    }

    private ECDsa LoadOrCreateCaKey()
    {
        if (files.Has(CaKey))
        {
            return files.TryReadKey(CaKey) ?? throw Damaged($"{files.PathOf(CaKey)} holds no readable EC key");
        }

        return files.Has(Ca) ? throw Damaged($"{files.PathOf(CaKey)} is missing while {CaPath} is there") : files.CreateKey(CaKey);
    }

    private X509Certificate2 LoadOrCreateCa(ECDsa key)
    {
        if (!files.Has(Ca))
        {
            var created = CertificateBuilder.CreateCa(key, clock.GetUtcNow());
            files.Write(Ca, created);
            return created;
        }

        var ca = files.TryReadCertificate(Ca) ?? throw Damaged($"{CaPath} holds no readable certificate");
        if (!HasPublicKey(ca, key))
        {
            throw Damaged($"{CaPath} does not belong to {files.PathOf(CaKey)}");
        }

        return new DateTimeOffset(ca.NotAfter) > clock.GetUtcNow()
            ? ca
            : throw new StartupException(
                StartupException.CouldNotStart,
                $"The local CA in {CaPath} has expired; delete ca.pem and ca.key beside it to make a new one, and give that to the clients.");
    }

    private ServerCertificate? LoadLeaf(X509Certificate2 ca)
    {
        if (!files.Has(LeafKey) || files.TryReadCertificate(Leaf) is not { } leaf)
        {
            return null;
        }

        // Why: a damaged server key costs nobody anything; it is replaced under the same CA.
        using var key = files.TryReadKey(LeafKey);
        return key is not null && HasPublicKey(leaf, key) && IsGood(leaf, ca) ? ServerCertificate.Of(leaf.CopyWithPrivateKey(key), [ca]) : null;
    }

    private ServerCertificate IssueLeaf(X509Certificate2 ca, ECDsa caKey)
    {
        using var key = files.CreateKey(LeafKey);
        using var leaf = CertificateBuilder.CreateLeaf(ca, caKey, key, names, clock.GetUtcNow());
        files.Write(Leaf, leaf);
        return ServerCertificate.Of(leaf.CopyWithPrivateKey(key), [ca]);
    }

    private bool IsGood(X509Certificate2 leaf, X509Certificate2 ca)
    {
        var now = clock.GetUtcNow();
        var end = new DateTimeOffset(leaf.NotAfter);
        var isFresh = end - now > RenewBefore || (end == new DateTimeOffset(ca.NotAfter) && end > now);
        return isFresh && now >= new DateTimeOffset(leaf.NotBefore) && IsIssuedBy(leaf, ca) && NamesOf(leaf).SequenceEqual(names, StringComparer.Ordinal);
    }

    private bool IsIssuedBy(X509Certificate2 leaf, X509Certificate2 ca)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        return chain.Build(leaf);
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 leaf)
    {
        var extension = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return extension is null
            ? []
            : extension.EnumerateDnsNames()
                .Concat(extension.EnumerateIPAddresses().Select(address => address.ToString()))
                .Select(Canonical)
                .Order(StringComparer.Ordinal);
    }

    private static bool HasPublicKey(X509Certificate2 certificate, ECDsa key) =>
        certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());

    private static string Canonical(string name) => IPAddress.TryParse(name, out var address) ? address.ToString() : name.ToLowerInvariant();

    private static StartupException Damaged(string what) =>
        new(
            StartupException.CouldNotStart,
            $"The local CA is damaged: {what}; restore it from a backup, or delete ca.pem and ca.key to make a new CA, and give that to the clients.");
}

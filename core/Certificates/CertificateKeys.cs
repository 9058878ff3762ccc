using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Certificates;

/// <summary>Key pairs of certificates: made with their request, sealed as versions of keys are, and used out of the live ones.</summary>
internal sealed class CertificateKeys(IKeyStore store, CryptoProviders providers, LiveKeys live)
{
    /// <summary>How requests are signed: the algorithm, and its AlgorithmIdentifier in DER.</summary>
    private static readonly FrozenDictionary<string, (PairAlgorithm Algorithm, byte[] Identifier)> Signatures =
        new Dictionary<string, (PairAlgorithm, byte[])>(StringComparer.Ordinal)
        {
            ["RSA_2048"] = (PairAlgorithm.RsaPkcs1, Convert.FromHexString("300D06092A864886F70D01010B0500")),
            ["EC_P256"] = (PairAlgorithm.Ecdsa, Convert.FromHexString("300A06082A8648CE3D040302")),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether certificates can be made for such keys.</summary>
    public bool Offers(string spec) => Signatures.ContainsKey(spec) && providers.Offers(ProtectionLevels.Software, spec);

    /// <summary>A pair and its request; the private key is in nothing but the record, sealed.</summary>
    public CertificateKey Generate(string certificateId, string spec, X500DistinguishedName subject, IReadOnlyList<string> hostNames)
    {
        var provider = providers.Of(ProtectionLevels.Software);
        var identity = CertificateRecord.IdentityOf(certificateId, spec, provider.Epoch);
        var sealedRecord = provider.GenerateSealed(identity);
        using var pair = (IKeyPair)provider.Load(identity, sealedRecord);
        var request = RequestOf(pair, spec, subject, hostNames);
        return new CertificateKey(identity.Epoch, sealedRecord, pair.PublicKey.ToArray(), request);
    }

    /// <summary>The caller disposes the lease. What is erased is forgotten as versions are: <see cref="VersionKeys"/> hears of both.</summary>
    public LiveKeys.Lease Acquire(string certificateId) => live.Acquire(certificateId, Load);

    private IKeyHandle Load(string certificateId)
    {
        // Why: the certificate may have been deleted since it was resolved.
        var record = store.FindCertificate(certificateId) ?? throw KmsErrors.CertificateNotFound.With();
        return providers.Of(ProtectionLevels.Software).Load(record.Identity, record.Sealed.AsSpan());
    }

    private static string RequestOf(IKeyPair pair, string spec, X500DistinguishedName subject, IReadOnlyList<string> hostNames)
    {
        var (algorithm, identifier) = Signatures[spec];
        var request = new CertificateRequest(subject, PublicKey.CreateFromSubjectPublicKeyInfo(pair.PublicKey.Span, out _), HashAlgorithmName.SHA256);
        if (hostNames.Count > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var name in hostNames)
            {
                names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        return request.CreateSigningRequestPem(new PairSigner(pair, algorithm, identifier)) + "\n";
    }

    /// <summary>Lets a request be signed by a pair whose private key stays where it is.</summary>
    private sealed class PairSigner(IKeyPair pair, PairAlgorithm algorithm, byte[] identifier) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => identifier;

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => pair.Sign(algorithm, SHA256.HashData(data));

        protected override PublicKey BuildPublicKey() => PublicKey.CreateFromSubjectPublicKeyInfo(pair.PublicKey.Span, out _);
    }
}

/// <summary>A fresh pair: sealed, with its DER SubjectPublicKeyInfo and its PEM PKCS#10.</summary>
internal sealed record CertificateKey(int Epoch, byte[] Sealed, byte[] PublicKey, string Request);

using System.Collections.Immutable;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>Something of the service's that a token can serve, and what of the token it takes.</summary>
internal sealed record HsmFeature(string Name, ImmutableArray<string> Needs, string? Never = null);

/// <summary>Whether a token may hold keys of ProtectionLevel=HSM, and what will be served with it.</summary>
/// <param name="Report">What was seen.</param>
/// <param name="Faults">Why it is refused, one sentence each; empty when it is taken.</param>
/// <param name="Weaknesses">Attacks that succeeded and were allowed to.</param>
internal sealed record HsmVerdict(ProbeReport Report, ImmutableArray<string> Faults, ImmutableArray<string> Weaknesses)
{
    private const string NoSm = "no PKCS#11 mechanism for SM algorithms; offered at ProtectionLevel=SOFTWARE only";

    /// <summary>Without these nothing can be kept or used.</summary>
    private static readonly ImmutableArray<string> Essentials = ["random", "aes-256-generate", "aes-256-gcm", "aes-256-ecb"];

    public static readonly ImmutableArray<HsmFeature> Features =
    [
        new("Aliyun_AES_256", ["aes-256-generate", "aes-256-gcm", "aes-256-ecb"]),
        new("Aliyun_SM4", [], NoSm),
        new("RSA_2048", ["rsa-2048-generate", "rsa-2048-pkcs1-sign", "rsa-2048-wrap-unwrap"]),
        new("RSA_3072", ["rsa-3072-generate", "rsa-3072-pkcs1-sign", "rsa-3072-wrap-unwrap"]),
        new("EC_P256", ["ec-p256-generate", "ec-p256-sign", "ec-p256-wrap-unwrap"]),
        new("EC_P256K", ["ec-secp256k1-generate", "ec-secp256k1-sign", "ec-secp256k1-wrap-unwrap"]),
        new("EC_SM2", [], NoSm),
        new("RSA_PSS_SHA_256", ["rsa-pss-sign"]),
        new("RSAES_OAEP_SHA_1 (decrypt)", ["oaep-sha1-decrypt"]),
        new("RSAES_OAEP_SHA_256 (decrypt)", ["oaep-sha256-decrypt"]),
        new("RSAES_PKCS1_V1_5 (import)", ["rsa-pkcs1-unwrap"]),
        new("RSAES_OAEP_SHA_1 (import)", ["oaep-sha1-unwrap"]),
        new("RSAES_OAEP_SHA_256 (import)", ["oaep-sha256-unwrap"]),
    ];

    public bool IsAccepted => Faults.IsEmpty;

    public static HsmVerdict Of(ProbeReport report, bool allowWeakToken)
    {
        List<string> faults =
        [
            .. from name in Essentials
               where !report.Works(name)
               select $"The token cannot do {name}: {report.Findings.Single(finding => string.Equals(finding.Name, name, StringComparison.Ordinal)).Outcome}.",
        ];
        if (report.Mechanisms.KeyWrap is null)
        {
            faults.Add("The token cannot wrap keys by RFC 5649, neither as 0x210A nor as 0x210B.");
        }

        string[] weaknesses = [.. report.Succeeded.Select(attack => $"{attack.Name}: {attack.Outcome}")];
        if (!allowWeakToken)
        {
            faults.AddRange(weaknesses.Select(weakness => $"The token does not withstand {weakness}."));
        }

        return new HsmVerdict(report, [.. faults], allowWeakToken ? [.. weaknesses] : []);
    }

    /// <summary>Null when served; else why not.</summary>
    public string? WhyNot(HsmFeature feature) =>
        feature.Never
        ?? (from name in feature.Needs
            where !Report.Works(name)
            select $"{name}: {Report.Findings.Single(finding => string.Equals(finding.Name, name, StringComparison.Ordinal)).Outcome}").FirstOrDefault();
}

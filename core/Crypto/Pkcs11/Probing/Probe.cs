using System.Collections.Immutable;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>
/// Finds out what a token can do by doing it, and whether it keeps what it promises by attacking it; mechanism lists promise too
/// much. Needs a session that is logged in; leaves nothing behind. Source: crypto-core.md sections 0.7, 1 and 3.
/// </summary>
internal static class Probe
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Secp256k1 = "1.3.132.0.10";

    public static ProbeReport Run(IPkcs11Module module, SlotId slot, TokenSession session)
    {
        new CkResult(CkFunction.GetInfo, module.GetInfo(out var moduleInfo)).ThrowIfFailed();
        new CkResult(CkFunction.GetTokenInfo, module.GetTokenInfo(slot, out var token)).ThrowIfFailed();
        var mechanisms = MechanismMap.Choose(session);
        using var keys = new ProbeKeys(session);
        return new ProbeReport(moduleInfo!, token!, mechanisms, [.. Findings(keys, mechanisms)], [.. Attacked(session, mechanisms)]);
    }

    private static IEnumerable<ProbeFinding> Findings(ProbeKeys keys, MechanismMap mechanisms) =>
    [
        Try("random", () => SymmetricProbes.Random(keys)),
        Try("aes-256-generate", () => SymmetricProbes.Generate(keys)),
        Try("aes-256-gcm", () => SymmetricProbes.Gcm(keys)),
        Try("aes-256-ecb", () => SymmetricProbes.Ecb(keys)),
        Try("aes-ecb-derive", () => SymmetricProbes.DeriveByEcb(keys)),
        Try("key-wrap-rfc3394", () => WrapProbes.KeyWrapWithoutPadding(keys)),
        Try("key-wrap-rfc5649-0x210A", () => WrapProbes.KeyWrap(keys, Ckm.AesKeyWrapPad)),
        Try("key-wrap-rfc5649-0x210B", () => WrapProbes.KeyWrap(keys, Ckm.AesKeyWrapKwp)),
        .. RsaFindings(keys, mechanisms, 2048, isFull: true),
        .. RsaFindings(keys, mechanisms, 3072, isFull: false),
        .. EcFindings(keys, mechanisms, "p256", P256),
        .. EcFindings(keys, mechanisms, "secp256k1", Secp256k1),
    ];

    private static List<ProbeFinding> RsaFindings(ProbeKeys keys, MechanismMap mechanisms, int bits, bool isFull)
    {
        RsaProbe? key = null;
        RsaProbe Key() => key ??= AsymmetricProbes.Rsa(keys, bits);
        var session = keys.Session;
        List<ProbeFinding> findings =
        [
            Try($"rsa-{bits}-generate", () => Key() is null ? "no key" : null),
            Try($"rsa-{bits}-pkcs1-sign", () => AsymmetricProbes.Pkcs1(session, Key())),
            Try($"rsa-{bits}-wrap-unwrap", () => WrapProbes.PrivateKey(
                keys, mechanisms.RequireKeyWrap(), Ckk.Rsa, Key().PrivateKey, default, unwrapped => AsymmetricProbes.Pkcs1(session, Key(), unwrapped))),
        ];
        if (isFull)
        {
            findings.AddRange(
            [
                Try("rsa-pss-sign", () => AsymmetricProbes.Pss(session, Key())),
                Try("rsa-pkcs1-decrypt", () => AsymmetricProbes.Pkcs1Decrypt(session, Key())),
                Try("rsa-raw-decrypt", () => AsymmetricProbes.RawDecrypt(session, Key())),
                Try("oaep-sha1-decrypt", () => AsymmetricProbes.OaepDecrypt(session, Key(), HashAlgorithmName.SHA1)),
                Try("oaep-sha256-decrypt", () => AsymmetricProbes.OaepDecrypt(session, Key(), HashAlgorithmName.SHA256)),
                Try("rsa-pkcs1-unwrap", () => AsymmetricProbes.Unwrap(keys, Key(), isOaep: false, default)),
                Try("oaep-sha1-unwrap", () => AsymmetricProbes.Unwrap(keys, Key(), isOaep: true, HashAlgorithmName.SHA1)),
                Try("oaep-sha256-unwrap", () => AsymmetricProbes.Unwrap(keys, Key(), isOaep: true, HashAlgorithmName.SHA256)),
            ]);
        }

        return findings;
    }

    private static List<ProbeFinding> EcFindings(ProbeKeys keys, MechanismMap mechanisms, string name, string curveOid)
    {
        EcProbe? key = null;
        EcProbe Key() => key ??= AsymmetricProbes.Ec(keys, curveOid);
        var session = keys.Session;
        return
        [
            Try($"ec-{name}-generate", () => Key() is null ? "no key" : null),
            Try($"ec-{name}-sign", () => AsymmetricProbes.Ecdsa(session, Key())),
            Try($"ec-{name}-wrap-unwrap", () => WrapProbes.PrivateKey(
                keys, mechanisms.RequireKeyWrap(), Ckk.Ec, Key().PrivateKey, Key().Point, unwrapped => AsymmetricProbes.Ecdsa(session, Key(), unwrapped))),
        ];
    }

    private static IEnumerable<AttackFinding> Attacked(TokenSession session, MechanismMap mechanisms)
    {
        foreach (var (name, run) in Attacks.All)
        {
            AttackFinding finding;
            try
            {
                using var scene = AttackScene.Set(session, mechanisms.RequireKeyWrap());
                var result = run(scene);
                finding = new AttackFinding(name, result.Gain is null, result.Gain ?? result.Last.ToString());
            }
            catch (Pkcs11Exception exception)
            {
                // Why not stopped: an attack that could not be run proves nothing.
                finding = new AttackFinding(name, IsStopped: false, $"not run: {exception.Message}");
            }

            yield return finding;
        }
    }

    private static ProbeFinding Try(string name, Func<string?> attempt)
    {
        try
        {
            var fault = attempt();
            return new ProbeFinding(name, fault is null, fault ?? "yes");
        }
        catch (Pkcs11Exception exception)
        {
            return new ProbeFinding(name, Works: false, $"{exception.Function.Name()} {exception.Code.Name()}");
        }
        catch (CryptographicException exception)
        {
            return new ProbeFinding(name, Works: false, exception.Message);
        }
    }
}

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>Every attribute that decides what a key may be used for, always set explicitly: defaults differ between modules.
/// Source: crypto-core.md section 3.</summary>
internal static class KeyTemplates
{
    public const int AesBytes = 32;

    /// <summary>A key-encryption key: wraps and unwraps by one mechanism, and what it unwraps is an AES key that stays inside.</summary>
    public static CkAttribute[] SymmetricKek(ulong keyWrap, bool isTokenObject, ReadOnlyMemory<byte> label = default) =>
    [
        .. Kek(keyWrap, isTokenObject, label),
        CkAttribute.OfTemplate(
            Cka.UnwrapTemplate,
            CkAttribute.Of(Cka.Class, Cko.SecretKey),
            CkAttribute.Of(Cka.KeyType, Ckk.Aes),
            CkAttribute.Of(Cka.Sensitive, true),
            CkAttribute.Of(Cka.Private, true),
            CkAttribute.Of(Cka.Extractable, false)),
    ];

    /// <summary>The same for private keys of any type.</summary>
    public static CkAttribute[] AsymmetricKek(ulong keyWrap, bool isTokenObject, ReadOnlyMemory<byte> label = default) =>
    [
        .. Kek(keyWrap, isTokenObject, label),
        CkAttribute.OfTemplate(
            Cka.UnwrapTemplate,
            CkAttribute.Of(Cka.Class, Cko.PrivateKey),
            CkAttribute.Of(Cka.Sensitive, true),
            CkAttribute.Of(Cka.Private, true),
            CkAttribute.Of(Cka.Extractable, false)),
    ];

    /// <summary>A new AES version key, extractable until it is wrapped.</summary>
    public static CkAttribute[] NewVersionKey() =>
    [
        .. Secret(Ckk.Aes, isSensitive: true, isExtractable: true),
        CkAttribute.Of(Cka.ValueLength, AesBytes),
        .. VersionKeyUse(),
    ];

    /// <summary>An AES version key that is unwrapped for use and never leaves.</summary>
    public static CkAttribute[] UnwrappedVersionKey() => [.. Secret(Ckk.Aes, isSensitive: true, isExtractable: false), .. VersionKeyUse()];

    /// <summary>Class, type and protection of a secret session key.</summary>
    public static CkAttribute[] Secret(ulong keyType, bool isSensitive, bool isExtractable) =>
    [
        CkAttribute.Of(Cka.Class, Cko.SecretKey),
        CkAttribute.Of(Cka.KeyType, keyType),
        CkAttribute.Of(Cka.Token, false),
        CkAttribute.Of(Cka.Private, true),
        CkAttribute.Of(Cka.Sensitive, isSensitive),
        CkAttribute.Of(Cka.Extractable, isExtractable),
    ];

    /// <summary>Every usage flag of a key, on for the named ones and off for the rest.</summary>
    public static CkAttribute[] Usage(params ReadOnlySpan<ulong> allowed)
    {
        ulong[] flags = [Cka.Encrypt, Cka.Decrypt, Cka.Wrap, Cka.Unwrap, Cka.Sign, Cka.Verify, Cka.Derive];
        var usage = new CkAttribute[flags.Length];
        for (var index = 0; index < flags.Length; index++)
        {
            usage[index] = CkAttribute.Of(flags[index], allowed.Contains(flags[index]));
        }

        return usage;
    }

    private static CkAttribute[] Kek(ulong keyWrap, bool isTokenObject, ReadOnlyMemory<byte> label) =>
    [
        CkAttribute.Of(Cka.Class, Cko.SecretKey),
        CkAttribute.Of(Cka.KeyType, Ckk.Aes),
        CkAttribute.Of(Cka.ValueLength, AesBytes),
        CkAttribute.Of(Cka.Token, isTokenObject),
        CkAttribute.Of(Cka.Private, true),
        CkAttribute.Of(Cka.Sensitive, true),
        CkAttribute.Of(Cka.Extractable, false),
        .. label.IsEmpty ? Array.Empty<CkAttribute>() : [CkAttribute.Of(Cka.Label, label)],
        .. Usage(Cka.Wrap, Cka.Unwrap),
        CkAttribute.OfMechanisms(Cka.AllowedMechanisms, keyWrap),
    ];

    private static CkAttribute[] VersionKeyUse() =>
        [.. Usage(Cka.Encrypt, Cka.Decrypt), CkAttribute.OfMechanisms(Cka.AllowedMechanisms, Ckm.AesGcm, Ckm.AesEcb)];
}

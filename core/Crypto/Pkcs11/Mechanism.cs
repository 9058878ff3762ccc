namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>Shape of a mechanism's parameter.</summary>
internal enum MechanismParameter
{
    None = 0,

    /// <summary><c>CK_GCM_PARAMS</c> of 2.40 with six fields; SoftHSM takes no other.</summary>
    Gcm,

    /// <summary><c>CK_RSA_PKCS_OAEP_PARAMS</c>.</summary>
    Oaep,

    /// <summary><c>CK_RSA_PKCS_PSS_PARAMS</c>.</summary>
    Pss,

    /// <summary><c>CK_KEY_DERIVATION_STRING_DATA</c>.</summary>
    StringData,

    /// <summary>The bytes themselves.</summary>
    Bytes,
}

/// <summary>A mechanism with its parameter, for the span of one call.</summary>
internal readonly ref struct Mechanism
{
    private Mechanism(ulong type, MechanismParameter parameter) => (Type, Parameter) = (type, parameter);

    public ulong Type { get; }

    public MechanismParameter Parameter { get; }

    /// <summary>GCM: the nonce. String data: the data. Bytes: all of it.</summary>
    public ReadOnlySpan<byte> First { get; private init; }

    /// <summary>GCM: the associated data.</summary>
    public ReadOnlySpan<byte> Second { get; private init; }

    /// <summary>OAEP and PSS: the hash mechanism.</summary>
    public ulong Hash { get; private init; }

    /// <summary>OAEP and PSS: the mask generation function.</summary>
    public ulong Mask { get; private init; }

    /// <summary>GCM: bits of the tag. PSS: bytes of the salt.</summary>
    public ulong Size { get; private init; }

    public static Mechanism Plain(ulong type) => new(type, MechanismParameter.None);

    /// <summary>AES-GCM with a 128-bit tag.</summary>
    public static Mechanism Gcm(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData) =>
        new(Ckm.AesGcm, MechanismParameter.Gcm) { First = nonce, Second = associatedData, Size = 128 };

    /// <summary>RSA-OAEP without a label.</summary>
    public static Mechanism Oaep(ulong hash, ulong mask) =>
        new(Ckm.RsaPkcsOaep, MechanismParameter.Oaep) { Hash = hash, Mask = mask };

    /// <summary>RSA-PSS over a digest.</summary>
    public static Mechanism Pss(ulong hash, ulong mask, int saltBytes) =>
        new(Ckm.RsaPkcsPss, MechanismParameter.Pss) { Hash = hash, Mask = mask, Size = (ulong)saltBytes };

    /// <summary>A cipher mode with its initialization vector.</summary>
    public static Mechanism WithVector(ulong type, ReadOnlySpan<byte> vector) => new(type, MechanismParameter.Bytes) { First = vector };

    /// <summary>Derivation by encrypting <paramref name="data"/>.</summary>
    public static Mechanism StringData(ulong type, ReadOnlySpan<byte> data) =>
        new(type, MechanismParameter.StringData) { First = data };
}

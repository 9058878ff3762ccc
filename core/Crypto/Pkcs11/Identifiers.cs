namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>A slot of a module; numbers may change when the module is initialised again.</summary>
internal readonly record struct SlotId(ulong Value);

/// <summary>An open session; it dies with its module's initialisation.</summary>
internal readonly record struct SessionHandle(ulong Value);

/// <summary>An object of a token as one initialisation of the module knows it.</summary>
internal readonly record struct ObjectHandle(ulong Value);

/// <summary>Attribute types. Source: PKCS#11 3.0, pkcs11t.h.</summary>
internal static class Cka
{
    public const ulong Class = 0x0;
    public const ulong Token = 0x1;
    public const ulong Private = 0x2;
    public const ulong Label = 0x3;
    public const ulong Value = 0x11;
    public const ulong KeyType = 0x100;
    public const ulong Id = 0x102;
    public const ulong Sensitive = 0x103;
    public const ulong Encrypt = 0x104;
    public const ulong Decrypt = 0x105;
    public const ulong Wrap = 0x106;
    public const ulong Unwrap = 0x107;
    public const ulong Sign = 0x108;
    public const ulong Verify = 0x10A;
    public const ulong Derive = 0x10C;
    public const ulong Modulus = 0x120;
    public const ulong ModulusBits = 0x121;
    public const ulong PublicExponent = 0x122;
    public const ulong ValueLength = 0x161;
    public const ulong Extractable = 0x162;
    public const ulong Modifiable = 0x170;
    public const ulong EcParameters = 0x180;
    public const ulong EcPoint = 0x181;
    public const ulong WrapWithTrusted = 0x210;
    public const ulong UnwrapTemplate = 0x4000_0212;
    public const ulong AllowedMechanisms = 0x4000_0600;

    /// <summary>NSS wants the public value beside an EC private key that is unwrapped.</summary>
    public const ulong NssDatabase = 0xD5A0_DB00;
}

/// <summary>Object classes.</summary>
internal static class Cko
{
    public const ulong PublicKey = 2;
    public const ulong PrivateKey = 3;
    public const ulong SecretKey = 4;
}

/// <summary>Key types.</summary>
internal static class Ckk
{
    public const ulong Rsa = 0x0;
    public const ulong Ec = 0x3;
    public const ulong GenericSecret = 0x10;
    public const ulong Aes = 0x1F;
}

/// <summary>Mechanism types.</summary>
internal static class Ckm
{
    public const ulong RsaPkcsKeyPairGen = 0x0;
    public const ulong RsaPkcs = 0x1;
    public const ulong RsaX509 = 0x3;
    public const ulong RsaPkcsOaep = 0x9;
    public const ulong RsaPkcsPss = 0xD;
    public const ulong Sha1 = 0x220;
    public const ulong Sha256 = 0x250;
    public const ulong Sha384 = 0x260;
    public const ulong Sha512 = 0x270;
    public const ulong EcKeyPairGen = 0x1040;
    public const ulong Ecdsa = 0x1041;
    public const ulong AesKeyGen = 0x1080;
    public const ulong AesEcb = 0x1081;
    public const ulong AesCbc = 0x1082;
    public const ulong AesGcm = 0x1087;
    public const ulong AesEcbEncryptData = 0x1104;
    public const ulong AesKeyWrap = 0x2109;
    public const ulong AesKeyWrapPad = 0x210A;
    public const ulong AesKeyWrapKwp = 0x210B;
}

/// <summary>Mask generation functions of RSA.</summary>
internal static class Ckg
{
    public const ulong Mgf1Sha1 = 1;
    public const ulong Mgf1Sha256 = 2;
    public const ulong Mgf1Sha384 = 3;
    public const ulong Mgf1Sha512 = 4;
}

/// <summary>Flags of sessions, tokens and initialisation.</summary>
internal static class Ckf
{
    public const ulong OsLockingOk = 0x2;
    public const ulong ReadWriteSession = 0x2;
    public const ulong SerialSession = 0x4;
    public const ulong UserPinInitialized = 0x8;
    public const ulong TokenInitialized = 0x400;
}

/// <summary>Who logs in.</summary>
internal enum CkUser
{
    SecurityOfficer = 0,
    User = 1,
}

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>The functions used here, numbered by their place in <c>CK_FUNCTION_LIST</c>. Source: PKCS#11 2.40, pkcs11f.h.</summary>
internal enum CkFunction
{
    Initialize = 0,
    Finalize = 1,
    GetInfo = 2,
    GetSlotList = 4,
    GetTokenInfo = 6,
    GetMechanismList = 7,
    InitToken = 9,
    InitPIN = 10,
    OpenSession = 12,
    CloseSession = 13,
    CloseAllSessions = 14,
    GetSessionInfo = 15,
    Login = 18,
    Logout = 19,
    CreateObject = 20,
    CopyObject = 21,
    DestroyObject = 22,
    GetAttributeValue = 24,
    SetAttributeValue = 25,
    FindObjectsInit = 26,
    FindObjects = 27,
    FindObjectsFinal = 28,
    EncryptInit = 29,
    Encrypt = 30,
    DecryptInit = 33,
    Decrypt = 34,
    SignInit = 42,
    Sign = 43,
    VerifyInit = 48,
    Verify = 49,
    GenerateKey = 58,
    GenerateKeyPair = 59,
    WrapKey = 60,
    UnwrapKey = 61,
    DeriveKey = 62,
    GenerateRandom = 64,
}

/// <summary>Names of functions.</summary>
internal static class CkFunctionNames
{
    /// <summary><c>C_EncryptInit</c>.</summary>
    public static string Name(this CkFunction function) => "C_" + function;
}

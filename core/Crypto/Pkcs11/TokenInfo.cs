namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>What a module says of itself; texts without their padding.</summary>
internal sealed record ModuleInfo(string Manufacturer, string Description, string CryptokiVersion, string LibraryVersion);

/// <summary>What a token says of itself; texts without their padding.</summary>
internal sealed record TokenInfo(string Label, string Manufacturer, string Model, string SerialNumber, ulong Flags)
{
    public bool IsInitialized => (Flags & Ckf.TokenInitialized) != 0;

    public bool HasUserPin => (Flags & Ckf.UserPinInitialized) != 0;
}

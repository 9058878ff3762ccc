using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Pkcs11.Sessions;

/// <summary>Sizes of a generation's lanes. Source: crypto-core.md section 5.</summary>
internal sealed record LaneSizes(LaneSize Symmetric, LaneSize PrivateKey, LaneSize KeyGeneration);

/// <summary>
/// One life of a module, from <c>C_Initialize</c> to <c>C_Finalize</c>: the slot found by its token's label, the one login, the lanes.
/// Its end drains the lanes first: SoftHSM and NSS answer a finalize under running calls with a dead process.
/// </summary>
internal sealed class Generation : IDisposable
{
    private readonly IPkcs11Module module;

    private Generation(IPkcs11Module module, int number, SlotId slot, LaneSizes sizes)
    {
        this.module = module;
        Number = number;
        Slot = slot;
        Symmetric = new Lane("symmetric", module, slot, sizes.Symmetric);
        PrivateKey = new Lane("private-key", module, slot, sizes.PrivateKey);
        KeyGeneration = new Lane("key-generation", module, slot, sizes.KeyGeneration);
    }

    /// <summary>What is taken from a generation carries its number; another number is stale.</summary>
    public int Number { get; }

    public SlotId Slot { get; }

    public Lane Symmetric { get; }

    public Lane PrivateKey { get; }

    public Lane KeyGeneration { get; }

    /// <summary>Initialises the module and logs in, once: a PIN that is refused is not tried again.</summary>
    /// <exception cref="Pkcs11Exception">A function failed; the module is finalized again.</exception>
    /// <exception cref="Pkcs11ModuleException">No token, or more than one, has this label.</exception>
    public static Generation Start(IPkcs11Module module, int number, string tokenLabel, SecretBuffer pin, LaneSizes sizes)
    {
        var initialized = module.Initialize();
        if (initialized == Ckr.CryptokiAlreadyInitialized)
        {
            // The life before did not end as it should; the module is this program's alone, so nobody else lives in it.
            _ = module.FinalizeModule();
            initialized = module.Initialize();
        }

        new CkResult(CkFunction.Initialize, initialized).ThrowIfFailed();
        try
        {
            var slot = TokenSlots.Find(module, tokenLabel);

            // The owner's session stays open until the module is finalized: a login ends with its last session.
            new CkResult(CkFunction.OpenSession, module.OpenSession(slot, isReadWrite: true, out var owner)).ThrowIfFailed();
            var login = new CkResult(CkFunction.Login, module.Login(owner, CkUser.User, pin.ExposeBytes()));
            if (ReturnCodeMap.Classify(login) != ReturnCodeClass.Success)
            {
                login.ThrowIfFailed();
            }

            return new Generation(module, number, slot, sizes);
        }
        catch
        {
            _ = module.FinalizeModule();
            throw;
        }
    }

    /// <summary>Drains every lane, then finalizes the module; the module itself can begin another life.</summary>
    public void Dispose()
    {
        Symmetric.Dispose();
        PrivateKey.Dispose();
        KeyGeneration.Dispose();

        // Why unchecked: a module whose token is gone may refuse; there is nothing left to use it with.
        _ = module.FinalizeModule();
    }
}

using System.Runtime.InteropServices;
using System.Text;

namespace KmsGateway.Core.Crypto.Pkcs11.Native;

/// <summary>
/// The own binding: a shared library's <c>CK_FUNCTION_LIST</c>, called through function pointers. Stands where Pkcs11Interop would,
/// which cannot be restored. 64-bit Linux only. This part: loading, and the functions about module, slots, sessions and logins.
/// Source: crypto-core.md section 6.
/// </summary>
internal sealed unsafe partial class NativeModule : IPkcs11Module
{
    private const int VersionBytes = 8;
    private static readonly byte[] NoBytes = new byte[1];

    private readonly nint library;
    private readonly nint* functions;
    private readonly byte[]? parameters;

    private NativeModule(nint library, nint* functions, byte[]? parameters)
    {
        this.library = library;
        this.functions = functions;
        this.parameters = parameters;
    }

    /// <param name="path">Of the shared library.</param>
    /// <param name="moduleParameters">Text that modules of NSS take at <c>C_Initialize</c>; others refuse one.</param>
    /// <exception cref="Pkcs11ModuleException">Not on this platform, not there, or not a PKCS#11 module.</exception>
    public static NativeModule Load(string path, string? moduleParameters = null)
    {
        if (NativePlatform.Refusal() is { } refusal)
        {
            throw new Pkcs11ModuleException(refusal);
        }

        var opened = Open(path);
        try
        {
            return new NativeModule(opened, FunctionList(opened, path), moduleParameters is null ? null : Encoding.UTF8.GetBytes(moduleParameters + "\0"));
        }
        catch
        {
            NativeLibrary.Free(opened);
            throw;
        }
    }

    public Ckr Initialize()
    {
        fixed (byte* reserved = parameters)
        {
            var arguments = new NativeInitializeArguments { Flags = Ckf.OsLockingOk, Reserved = reserved };
            return ((delegate* unmanaged[Cdecl]<void*, Ckr>)At(CkFunction.Initialize))(&arguments);
        }
    }

    public Ckr FinalizeModule() => ((delegate* unmanaged[Cdecl]<void*, Ckr>)At(CkFunction.Finalize))(null);

    public Ckr GetInfo(out ModuleInfo? info)
    {
        var bytes = stackalloc byte[NativeModuleInfo.Bytes];
        var code = ((delegate* unmanaged[Cdecl]<void*, Ckr>)At(CkFunction.GetInfo))(bytes);
        info = code == Ckr.Ok ? NativeModuleInfo.Read(new ReadOnlySpan<byte>(bytes, NativeModuleInfo.Bytes)) : null;
        return code;
    }

    public Ckr GetSlotList(Span<SlotId> slots, out int count)
    {
        var length = (ulong)slots.Length;
        fixed (SlotId* place = slots)
        {
            var code = ((delegate* unmanaged[Cdecl]<byte, SlotId*, ulong*, Ckr>)At(CkFunction.GetSlotList))(1, place, &length);
            return Listed(code, place is null, length, slots.Length, out count);
        }
    }

    public Ckr GetTokenInfo(SlotId slot, out TokenInfo? info)
    {
        var bytes = stackalloc byte[NativeTokenInfo.Bytes];
        var code = ((delegate* unmanaged[Cdecl]<SlotId, void*, Ckr>)At(CkFunction.GetTokenInfo))(slot, bytes);
        info = code == Ckr.Ok ? NativeTokenInfo.Read(new ReadOnlySpan<byte>(bytes, NativeTokenInfo.Bytes)) : null;
        return code;
    }

    public Ckr GetMechanismList(SlotId slot, Span<ulong> mechanisms, out int count)
    {
        var length = (ulong)mechanisms.Length;
        fixed (ulong* place = mechanisms)
        {
            var code = ((delegate* unmanaged[Cdecl]<SlotId, ulong*, ulong*, Ckr>)At(CkFunction.GetMechanismList))(slot, place, &length);
            return Listed(code, place is null, length, mechanisms.Length, out count);
        }
    }

    public Ckr InitToken(SlotId slot, ReadOnlySpan<byte> officerPin, ReadOnlySpan<byte> label)
    {
        const int labelBytes = 32;
        if (label.Length > labelBytes)
        {
            return Ckr.ArgumentsBad;
        }

        var padded = stackalloc byte[labelBytes];
        new Span<byte>(padded, labelBytes).Fill((byte)' ');
        label.CopyTo(new Span<byte>(padded, labelBytes));
        fixed (byte* pin = NeverNull(officerPin))
        {
            return ((delegate* unmanaged[Cdecl]<SlotId, byte*, ulong, byte*, Ckr>)At(CkFunction.InitToken))(slot, pin, (ulong)officerPin.Length, padded);
        }
    }

    public Ckr InitPin(SessionHandle session, ReadOnlySpan<byte> pin)
    {
        fixed (byte* place = NeverNull(pin))
        {
            return ((delegate* unmanaged[Cdecl]<SessionHandle, byte*, ulong, Ckr>)At(CkFunction.InitPIN))(session, place, (ulong)pin.Length);
        }
    }

    public Ckr OpenSession(SlotId slot, bool isReadWrite, out SessionHandle session)
    {
        SessionHandle opened;
        var flags = Ckf.SerialSession | (isReadWrite ? Ckf.ReadWriteSession : 0);
        var code = ((delegate* unmanaged[Cdecl]<SlotId, ulong, void*, void*, SessionHandle*, Ckr>)At(CkFunction.OpenSession))(slot, flags, null, null, &opened);
        session = code == Ckr.Ok ? opened : default;
        return code;
    }

    public Ckr CloseSession(SessionHandle session) => OfSession(CkFunction.CloseSession, session);

    public Ckr CloseAllSessions(SlotId slot) => ((delegate* unmanaged[Cdecl]<SlotId, Ckr>)At(CkFunction.CloseAllSessions))(slot);

    public Ckr GetSessionInfo(SessionHandle session)
    {
        const int infoFields = 4;
        var info = stackalloc ulong[infoFields];
        return ((delegate* unmanaged[Cdecl]<SessionHandle, void*, Ckr>)At(CkFunction.GetSessionInfo))(session, info);
    }

    public Ckr Login(SessionHandle session, CkUser user, ReadOnlySpan<byte> pin)
    {
        fixed (byte* place = NeverNull(pin))
        {
            return ((delegate* unmanaged[Cdecl]<SessionHandle, ulong, byte*, ulong, Ckr>)At(CkFunction.Login))(session, (ulong)user, place, (ulong)pin.Length);
        }
    }

    public Ckr Logout(SessionHandle session) => OfSession(CkFunction.Logout, session);

    /// <summary>Unloads the library; the caller has finalized the module and lets nobody call it any more.</summary>
    public void Dispose() => NativeLibrary.Free(library);

    private static nint Open(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new Pkcs11ModuleException($"The PKCS#11 module {path} cannot be loaded: {exception.Message}", exception);
        }
    }

    private static nint* FunctionList(nint library, string path)
    {
        if (!NativeLibrary.TryGetExport(library, "C_GetFunctionList", out var export))
        {
            throw new Pkcs11ModuleException($"{path} is not a PKCS#11 module: it has no C_GetFunctionList.");
        }

        byte* list;
        var code = ((delegate* unmanaged[Cdecl]<byte**, Ckr>)export)(&list);
        if (code != Ckr.Ok || list is null)
        {
            throw new Pkcs11ModuleException($"{path}: C_GetFunctionList answered {code.Name()}.");
        }

        const byte major = 2;
        if (list[0] < major)
        {
            throw new Pkcs11ModuleException($"{path} speaks PKCS#11 {NativeText.Version(new ReadOnlySpan<byte>(list, 2))}; 2.20 or later is needed.");
        }

        var table = (nint*)(list + VersionBytes);
        foreach (var function in Enum.GetValues<CkFunction>())
        {
            if (table[(int)function] == 0)
            {
                throw new Pkcs11ModuleException($"{path} lacks {function.Name()}.");
            }
        }

        return table;
    }


    /// <summary>Null means "how long would it be" to a module, or nothing good: an empty span gets an address too.</summary>
    private static ReadOnlySpan<byte> NeverNull(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? NoBytes : bytes;

    /// <summary>A count in <paramref name="length"/> that does not fit the buffer is no list, whatever the module says.</summary>
    private static Ckr Listed(Ckr code, bool wasQuery, ulong length, int capacity, out int count)
    {
        count = code is Ckr.Ok or Ckr.BufferTooSmall && length <= int.MaxValue ? (int)length : 0;
        return code == Ckr.Ok && count > capacity && !wasQuery ? Ckr.BufferTooSmall : code;
    }

    private Ckr OfSession(CkFunction function, SessionHandle session) => ((delegate* unmanaged[Cdecl]<SessionHandle, Ckr>)At(function))(session);

    private void* At(CkFunction function) => (void*)functions[(int)function];
}

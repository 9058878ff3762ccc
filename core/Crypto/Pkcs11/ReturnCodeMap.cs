using System.Collections.Frozen;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>What kind of thing a return code says.</summary>
internal enum ReturnCodeClass
{
    None = 0,

    /// <summary>It was done.</summary>
    Success,

    /// <summary>What the caller sent does not fit; says nothing of the token.</summary>
    CallersFault,

    /// <summary>The caller's data or the token: a canary on the same lane tells which.</summary>
    Ambiguous,

    /// <summary>The key is to be loaded again, once.</summary>
    StaleHandle,

    /// <summary>The session is to be replaced, once.</summary>
    StaleSession,

    /// <summary>To be logged in, once per generation.</summary>
    Login,

    /// <summary>Nothing more is tried until an operator acts: tokens lock.</summary>
    Pin,

    /// <summary>The token or its module; a new generation heals it, if anything does.</summary>
    ModuleFault,

    /// <summary>Not possible on this token; the probe should have said so.</summary>
    Cannot,

    /// <summary>A key was asked for what it must never do: a security event.</summary>
    Alarm,

    /// <summary>This program broke the protocol.</summary>
    OwnBug,
}

/// <summary>What is done about a class of return codes.</summary>
/// <param name="Error">What the caller sees when nothing helped; null for success and for what a canary decides.</param>
/// <param name="ErrorInImport">The same while key material is imported.</param>
/// <param name="IsRetried">Whether the operation may be tried once more after the remedy.</param>
/// <param name="OpensBreaker">Whether it counts as a fault of the token.</param>
/// <param name="SpoilsSession">Whether the session is replaced.</param>
internal sealed record ReturnCodePlan(KmsError? Error, KmsError? ErrorInImport, bool IsRetried, bool OpensBreaker, bool SpoilsSession);

/// <summary>The one table of return codes. What is not in it is a fault of the module. Source: crypto-core.md section 5.</summary>
internal static class ReturnCodeMap
{
    private static readonly FrozenDictionary<Ckr, ReturnCodeClass> Classes = new (ReturnCodeClass Class, Ckr[] Codes)[]
    {
        (ReturnCodeClass.Success, [Ckr.Ok]),
        (ReturnCodeClass.CallersFault,
        [
            Ckr.EncryptedDataInvalid, Ckr.EncryptedDataLenRange, Ckr.AeadDecryptFailed, Ckr.WrappedKeyInvalid, Ckr.WrappedKeyLenRange, Ckr.DataLenRange,
        ]),
        (ReturnCodeClass.StaleHandle,
            [Ckr.ObjectHandleInvalid, Ckr.KeyHandleInvalid, Ckr.WrappingKeyHandleInvalid, Ckr.UnwrappingKeyHandleInvalid]),
        (ReturnCodeClass.StaleSession, [Ckr.SessionHandleInvalid, Ckr.SessionClosed]),
        (ReturnCodeClass.Login, [Ckr.UserNotLoggedIn]),
        (ReturnCodeClass.Pin, [Ckr.PinIncorrect, Ckr.PinLocked, Ckr.PinExpired]),
        (ReturnCodeClass.Cannot,
            [Ckr.MechanismInvalid, Ckr.MechanismParamInvalid, Ckr.ArgumentsBad, Ckr.DomainParamsInvalid, Ckr.FunctionNotSupported]),
        (ReturnCodeClass.Alarm, [Ckr.KeyUnextractable, Ckr.TemplateInconsistent, Ckr.AttributeReadOnly, Ckr.KeyFunctionNotPermitted]),
        (ReturnCodeClass.OwnBug, [Ckr.OperationActive, Ckr.BufferTooSmall, Ckr.OperationNotInitialized]),
    }.SelectMany(row => row.Codes.Select(code => (code, row.Class))).ToFrozenDictionary(pair => pair.code, pair => pair.Class);

    private static readonly FrozenDictionary<ReturnCodeClass, ReturnCodePlan> Plans = new Dictionary<ReturnCodeClass, ReturnCodePlan>
    {
        [ReturnCodeClass.Success] = new(null, null, IsRetried: false, OpensBreaker: false, SpoilsSession: false),
        [ReturnCodeClass.CallersFault] = new(KmsErrors.InvalidParameter, KmsErrors.InvalidKeyMaterial, IsRetried: false, OpensBreaker: false, SpoilsSession: false),
        [ReturnCodeClass.Ambiguous] = new(null, null, IsRetried: false, OpensBreaker: false, SpoilsSession: false),
        [ReturnCodeClass.StaleHandle] = Same(KmsErrors.ServiceUnavailableTemporary, isRetried: true, opensBreaker: false, spoilsSession: false),
        [ReturnCodeClass.StaleSession] = Same(KmsErrors.ServiceUnavailableTemporary, isRetried: true, opensBreaker: false, spoilsSession: true),
        [ReturnCodeClass.Login] = Same(KmsErrors.ServiceUnavailableTemporary, isRetried: true, opensBreaker: false, spoilsSession: false),
        [ReturnCodeClass.Pin] = Same(KmsErrors.ServiceUnavailableTemporary, isRetried: false, opensBreaker: true, spoilsSession: false),
        [ReturnCodeClass.ModuleFault] = Same(KmsErrors.ServiceUnavailableTemporary, isRetried: true, opensBreaker: true, spoilsSession: true),
        [ReturnCodeClass.Cannot] = Same(KmsErrors.UnsupportedOperation, isRetried: false, opensBreaker: false, spoilsSession: false),
        [ReturnCodeClass.Alarm] = Same(KmsErrors.InternalFailure, isRetried: false, opensBreaker: false, spoilsSession: false),
        [ReturnCodeClass.OwnBug] = Same(KmsErrors.InternalFailure, isRetried: false, opensBreaker: false, spoilsSession: true),
    }.ToFrozenDictionary();

    /// <param name="result">What a function answered.</param>
    /// <param name="isImport">Whether the key material of a caller is being imported.</param>
    public static ReturnCodeClass Classify(CkResult result, bool isImport = false) => result switch
    {
        { Function: CkFunction.Login, Code: Ckr.UserAlreadyLoggedIn } => ReturnCodeClass.Success,
        { Code: Ckr.GeneralError or Ckr.FunctionFailed, Function: CkFunction.Decrypt or CkFunction.UnwrapKey } => ReturnCodeClass.Ambiguous,
        { Code: Ckr.KeySizeRange or Ckr.TemplateInconsistent } when isImport => ReturnCodeClass.CallersFault,
        _ => Classes.GetValueOrDefault(result.Code, ReturnCodeClass.ModuleFault),
    };

    public static ReturnCodePlan Plan(ReturnCodeClass kind) => Plans[kind];

    private static ReturnCodePlan Same(KmsError error, bool isRetried, bool opensBreaker, bool spoilsSession) =>
        new(error, error, isRetried, opensBreaker, spoilsSession);
}

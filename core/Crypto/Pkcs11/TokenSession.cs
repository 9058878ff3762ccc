namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>Which function answered, and what.</summary>
internal readonly record struct CkResult(CkFunction Function, Ckr Code)
{
    public bool IsOk => Code == Ckr.Ok;

    /// <exception cref="Pkcs11Exception">It did not answer <c>CKR_OK</c>.</exception>
    public void ThrowIfFailed()
    {
        if (!IsOk)
        {
            throw new Pkcs11Exception(Function, Code);
        }
    }

    public override string ToString() => $"{Function.Name()} {Code.Name()}";
}

/// <summary>
/// One session and the operations done in it, each from its Init to its end. For one thread at a time: SoftHSM answers a breach
/// with a dead process. Source: crypto-core.md sections 1 and 5.
/// </summary>
internal sealed class TokenSession(IPkcs11Module module, SessionHandle handle)
{
    public SessionHandle Handle => handle;

    /// <summary>
    /// An operation failed between its Init and its end, or one was found under way: what state the session is in depends on the
    /// module, so it is to be closed and replaced.
    /// </summary>
    public bool IsSpoiled { get; private set; }

    public CkResult Encrypt(in Mechanism mechanism, ObjectHandle key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        written = 0;
        var begun = Begun(CkFunction.EncryptInit, module.EncryptInit(handle, mechanism, key));
        return begun.IsOk ? Ended(CkFunction.Encrypt, module.Encrypt(handle, data, output, out written)) : begun;
    }

    public CkResult Decrypt(in Mechanism mechanism, ObjectHandle key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        written = 0;
        var begun = Begun(CkFunction.DecryptInit, module.DecryptInit(handle, mechanism, key));
        return begun.IsOk ? Ended(CkFunction.Decrypt, module.Decrypt(handle, data, output, out written)) : begun;
    }

    public CkResult Sign(in Mechanism mechanism, ObjectHandle key, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        written = 0;
        var begun = Begun(CkFunction.SignInit, module.SignInit(handle, mechanism, key));
        return begun.IsOk ? Ended(CkFunction.Sign, module.Sign(handle, data, output, out written)) : begun;
    }

    public CkResult Verify(in Mechanism mechanism, ObjectHandle key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var begun = Begun(CkFunction.VerifyInit, module.VerifyInit(handle, mechanism, key));
        return begun.IsOk ? Ended(CkFunction.Verify, module.Verify(handle, data, signature)) : begun;
    }

    public CkResult GenerateKey(in Mechanism mechanism, ReadOnlySpan<CkAttribute> template, out ObjectHandle key) =>
        Single(CkFunction.GenerateKey, module.GenerateKey(handle, mechanism, template, out key));

    public CkResult GenerateKeyPair(
        in Mechanism mechanism, ReadOnlySpan<CkAttribute> publicTemplate, ReadOnlySpan<CkAttribute> privateTemplate,
        out ObjectHandle publicKey, out ObjectHandle privateKey) =>
        Single(CkFunction.GenerateKeyPair, module.GenerateKeyPair(handle, mechanism, publicTemplate, privateTemplate, out publicKey, out privateKey));

    public CkResult Wrap(in Mechanism mechanism, ObjectHandle wrappingKey, ObjectHandle key, Span<byte> output, out int written) =>
        Single(CkFunction.WrapKey, module.WrapKey(handle, mechanism, wrappingKey, key, output, out written));

    public CkResult Unwrap(
        in Mechanism mechanism, ObjectHandle unwrappingKey, ReadOnlySpan<byte> wrapped, ReadOnlySpan<CkAttribute> template, out ObjectHandle key) =>
        Single(CkFunction.UnwrapKey, module.UnwrapKey(handle, mechanism, unwrappingKey, wrapped, template, out key));

    public CkResult Derive(in Mechanism mechanism, ObjectHandle baseKey, ReadOnlySpan<CkAttribute> template, out ObjectHandle key) =>
        Single(CkFunction.DeriveKey, module.DeriveKey(handle, mechanism, baseKey, template, out key));

    public CkResult Create(ReadOnlySpan<CkAttribute> template, out ObjectHandle created) =>
        Single(CkFunction.CreateObject, module.CreateObject(handle, template, out created));

    public CkResult Copy(ObjectHandle source, ReadOnlySpan<CkAttribute> template, out ObjectHandle copy) =>
        Single(CkFunction.CopyObject, module.CopyObject(handle, source, template, out copy));

    public CkResult Destroy(ObjectHandle target) => Single(CkFunction.DestroyObject, module.DestroyObject(handle, target));

    public CkResult Get(ObjectHandle target, ulong type, Span<byte> value, out int length) =>
        Single(CkFunction.GetAttributeValue, module.GetAttributeValue(handle, target, type, value, out length));

    public CkResult Set(ObjectHandle target, CkAttribute attribute) =>
        Single(CkFunction.SetAttributeValue, module.SetAttributeValue(handle, target, [attribute]));

    public CkResult Random(Span<byte> random) => Single(CkFunction.GenerateRandom, module.GenerateRandom(handle, random));

    /// <summary>The objects that match, as many as <paramref name="found"/> takes.</summary>
    public CkResult Find(ReadOnlySpan<CkAttribute> template, Span<ObjectHandle> found, out int count)
    {
        count = 0;
        var begun = Begun(CkFunction.FindObjectsInit, module.FindObjectsInit(handle, template));
        if (!begun.IsOk)
        {
            return begun;
        }

        var searched = Ended(CkFunction.FindObjects, module.FindObjects(handle, found, out count));
        var ended = Ended(CkFunction.FindObjectsFinal, module.FindObjectsFinal(handle));
        return searched.IsOk ? ended : searched;
    }

    private CkResult Begun(CkFunction function, Ckr code)
    {
        IsSpoiled |= code == Ckr.OperationActive;
        return new CkResult(function, code);
    }

    private CkResult Ended(CkFunction function, Ckr code)
    {
        IsSpoiled |= code != Ckr.Ok;
        return new CkResult(function, code);
    }

    private static CkResult Single(CkFunction function, Ckr code) => new(function, code);
}

namespace KmsGateway.Core.Crypto.Pkcs11.Native;

/// <summary>What is done with keys.</summary>
internal sealed unsafe partial class NativeModule
{
    public Ckr EncryptInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key) => Init(CkFunction.EncryptInit, session, mechanism, key);

    public Ckr Encrypt(SessionHandle session, ReadOnlySpan<byte> data, Span<byte> output, out int written) =>
        Transform(CkFunction.Encrypt, session, data, output, out written);

    public Ckr DecryptInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key) => Init(CkFunction.DecryptInit, session, mechanism, key);

    public Ckr Decrypt(SessionHandle session, ReadOnlySpan<byte> data, Span<byte> output, out int written) =>
        Transform(CkFunction.Decrypt, session, data, output, out written);

    public Ckr SignInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key) => Init(CkFunction.SignInit, session, mechanism, key);

    public Ckr Sign(SessionHandle session, ReadOnlySpan<byte> data, Span<byte> output, out int written) =>
        Transform(CkFunction.Sign, session, data, output, out written);

    public Ckr VerifyInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key) => Init(CkFunction.VerifyInit, session, mechanism, key);

    public Ckr Verify(SessionHandle session, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        fixed (byte* source = NeverNull(data), proof = NeverNull(signature))
        {
            return ((delegate* unmanaged[Cdecl]<SessionHandle, byte*, ulong, byte*, ulong, Ckr>)At(CkFunction.Verify))(
                session, source, (ulong)data.Length, proof, (ulong)signature.Length);
        }
    }

    public Ckr GenerateKey(SessionHandle session, in Mechanism mechanism, ReadOnlySpan<CkAttribute> template, out ObjectHandle key)
    {
        ObjectHandle made;
        using var native = new NativeTemplate(template);
        fixed (byte* first = mechanism.First, second = mechanism.Second)
        {
            var fields = stackalloc ulong[MechanismLayout.Fields];
            var laidOut = MechanismLayout.Write(mechanism, first, second, fields);
            var code = ((delegate* unmanaged[Cdecl]<SessionHandle, NativeMechanism*, NativeAttribute*, ulong, ObjectHandle*, Ckr>)At(CkFunction.GenerateKey))(
                session, &laidOut, native.Attributes, native.Count, &made);
            key = code == Ckr.Ok ? made : default;
            return code;
        }
    }

    public Ckr GenerateKeyPair(
        SessionHandle session, in Mechanism mechanism, ReadOnlySpan<CkAttribute> publicTemplate, ReadOnlySpan<CkAttribute> privateTemplate,
        out ObjectHandle publicKey, out ObjectHandle privateKey)
    {
        ObjectHandle madePublic;
        ObjectHandle madePrivate;
        using var shown = new NativeTemplate(publicTemplate);
        using var hidden = new NativeTemplate(privateTemplate);
        fixed (byte* first = mechanism.First, second = mechanism.Second)
        {
            var fields = stackalloc ulong[MechanismLayout.Fields];
            var laidOut = MechanismLayout.Write(mechanism, first, second, fields);
            var call = (delegate* unmanaged[Cdecl]<SessionHandle, NativeMechanism*, NativeAttribute*, ulong, NativeAttribute*, ulong, ObjectHandle*, ObjectHandle*, Ckr>)
                At(CkFunction.GenerateKeyPair);
            var code = call(session, &laidOut, shown.Attributes, shown.Count, hidden.Attributes, hidden.Count, &madePublic, &madePrivate);
            (publicKey, privateKey) = code == Ckr.Ok ? (madePublic, madePrivate) : default;
            return code;
        }
    }

    public Ckr WrapKey(
        SessionHandle session, in Mechanism mechanism, ObjectHandle wrappingKey, ObjectHandle key, Span<byte> output, out int written)
    {
        var length = (ulong)output.Length;
        fixed (byte* first = mechanism.First, second = mechanism.Second, place = NeverNull(output))
        {
            var fields = stackalloc ulong[MechanismLayout.Fields];
            var laidOut = MechanismLayout.Write(mechanism, first, second, fields);
            var call = (delegate* unmanaged[Cdecl]<SessionHandle, NativeMechanism*, ObjectHandle, ObjectHandle, byte*, ulong*, Ckr>)At(CkFunction.WrapKey);
            return Written(call(session, &laidOut, wrappingKey, key, place, &length), length, output.Length, out written);
        }
    }

    public Ckr UnwrapKey(
        SessionHandle session, in Mechanism mechanism, ObjectHandle unwrappingKey, ReadOnlySpan<byte> wrapped, ReadOnlySpan<CkAttribute> template,
        out ObjectHandle key)
    {
        ObjectHandle made;
        using var native = new NativeTemplate(template);
        fixed (byte* first = mechanism.First, second = mechanism.Second, source = NeverNull(wrapped))
        {
            var fields = stackalloc ulong[MechanismLayout.Fields];
            var laidOut = MechanismLayout.Write(mechanism, first, second, fields);
            var call = (delegate* unmanaged[Cdecl]<SessionHandle, NativeMechanism*, ObjectHandle, byte*, ulong, NativeAttribute*, ulong, ObjectHandle*, Ckr>)
                At(CkFunction.UnwrapKey);
            var code = call(session, &laidOut, unwrappingKey, source, (ulong)wrapped.Length, native.Attributes, native.Count, &made);
            key = code == Ckr.Ok ? made : default;
            return code;
        }
    }

    public Ckr DeriveKey(
        SessionHandle session, in Mechanism mechanism, ObjectHandle baseKey, ReadOnlySpan<CkAttribute> template, out ObjectHandle key)
    {
        ObjectHandle made;
        using var native = new NativeTemplate(template);
        fixed (byte* first = mechanism.First, second = mechanism.Second)
        {
            var fields = stackalloc ulong[MechanismLayout.Fields];
            var laidOut = MechanismLayout.Write(mechanism, first, second, fields);
            var call = (delegate* unmanaged[Cdecl]<SessionHandle, NativeMechanism*, ObjectHandle, NativeAttribute*, ulong, ObjectHandle*, Ckr>)
                At(CkFunction.DeriveKey);
            var code = call(session, &laidOut, baseKey, native.Attributes, native.Count, &made);
            key = code == Ckr.Ok ? made : default;
            return code;
        }
    }

    public Ckr GenerateRandom(SessionHandle session, Span<byte> random)
    {
        fixed (byte* place = NeverNull(random))
        {
            return ((delegate* unmanaged[Cdecl]<SessionHandle, byte*, ulong, Ckr>)At(CkFunction.GenerateRandom))(session, place, (ulong)random.Length);
        }
    }

    private Ckr Init(CkFunction function, SessionHandle session, in Mechanism mechanism, ObjectHandle key)
    {
        fixed (byte* first = mechanism.First, second = mechanism.Second)
        {
            var fields = stackalloc ulong[MechanismLayout.Fields];
            var laidOut = MechanismLayout.Write(mechanism, first, second, fields);
            return ((delegate* unmanaged[Cdecl]<SessionHandle, NativeMechanism*, ObjectHandle, Ckr>)At(function))(session, &laidOut, key);
        }
    }

    private Ckr Transform(CkFunction function, SessionHandle session, ReadOnlySpan<byte> data, Span<byte> output, out int written)
    {
        var length = (ulong)output.Length;
        fixed (byte* source = NeverNull(data), place = NeverNull(output))
        {
            var call = (delegate* unmanaged[Cdecl]<SessionHandle, byte*, ulong, byte*, ulong*, Ckr>)At(function);
            return Written(call(session, source, (ulong)data.Length, place, &length), length, output.Length, out written);
        }
    }
}

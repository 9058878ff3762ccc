namespace KmsGateway.Core.Crypto.Pkcs11.Native;

/// <summary>Objects: made, copied, found, looked at.</summary>
internal sealed unsafe partial class NativeModule
{
    public Ckr CreateObject(SessionHandle session, ReadOnlySpan<CkAttribute> template, out ObjectHandle created)
    {
        ObjectHandle made;
        using var native = new NativeTemplate(template);
        var code = ((delegate* unmanaged[Cdecl]<SessionHandle, NativeAttribute*, ulong, ObjectHandle*, Ckr>)At(CkFunction.CreateObject))(
            session, native.Attributes, native.Count, &made);
        created = code == Ckr.Ok ? made : default;
        return code;
    }

    public Ckr CopyObject(SessionHandle session, ObjectHandle source, ReadOnlySpan<CkAttribute> template, out ObjectHandle copy)
    {
        ObjectHandle made;
        using var native = new NativeTemplate(template);
        var code = ((delegate* unmanaged[Cdecl]<SessionHandle, ObjectHandle, NativeAttribute*, ulong, ObjectHandle*, Ckr>)At(CkFunction.CopyObject))(
            session, source, native.Attributes, native.Count, &made);
        copy = code == Ckr.Ok ? made : default;
        return code;
    }

    public Ckr DestroyObject(SessionHandle session, ObjectHandle target) =>
        ((delegate* unmanaged[Cdecl]<SessionHandle, ObjectHandle, Ckr>)At(CkFunction.DestroyObject))(session, target);

    public Ckr GetAttributeValue(SessionHandle session, ObjectHandle target, ulong type, Span<byte> value, out int length)
    {
        fixed (byte* place = NeverNull(value))
        {
            var attribute = new NativeAttribute { Type = type, Value = place, Length = (ulong)value.Length };
            var code = ((delegate* unmanaged[Cdecl]<SessionHandle, ObjectHandle, NativeAttribute*, ulong, Ckr>)At(CkFunction.GetAttributeValue))(
                session, target, &attribute, 1);
            return Written(code, attribute.Length, value.Length, out length);
        }
    }

    public Ckr SetAttributeValue(SessionHandle session, ObjectHandle target, ReadOnlySpan<CkAttribute> template)
    {
        using var native = new NativeTemplate(template);
        return ((delegate* unmanaged[Cdecl]<SessionHandle, ObjectHandle, NativeAttribute*, ulong, Ckr>)At(CkFunction.SetAttributeValue))(
            session, target, native.Attributes, native.Count);
    }

    public Ckr FindObjectsInit(SessionHandle session, ReadOnlySpan<CkAttribute> template)
    {
        using var native = new NativeTemplate(template);
        return ((delegate* unmanaged[Cdecl]<SessionHandle, NativeAttribute*, ulong, Ckr>)At(CkFunction.FindObjectsInit))(
            session, native.Attributes, native.Count);
    }

    public Ckr FindObjects(SessionHandle session, Span<ObjectHandle> found, out int count)
    {
        if (found.IsEmpty)
        {
            count = 0;
            return Ckr.ArgumentsBad;
        }

        ulong length = 0;
        fixed (ObjectHandle* place = found)
        {
            var code = ((delegate* unmanaged[Cdecl]<SessionHandle, ObjectHandle*, ulong, ulong*, Ckr>)At(CkFunction.FindObjects))(
                session, place, (ulong)found.Length, &length);
            return Written(code, length, found.Length, out count);
        }
    }

    public Ckr FindObjectsFinal(SessionHandle session) => OfSession(CkFunction.FindObjectsFinal, session);

    /// <summary>A length beyond the buffer is never believed: it would be read from memory that is not ours.</summary>
    private static Ckr Written(Ckr code, ulong length, int capacity, out int written)
    {
        var fits = length <= (ulong)capacity;
        written = code == Ckr.Ok && fits ? (int)length : 0;
        return code == Ckr.Ok && !fits ? Ckr.BufferTooSmall : code;
    }
}

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>
/// The functions of PKCS#11 that are used here, one to one. Every one answers a <see cref="Ckr"/> and throws for none;
/// outputs are always given, never asked for by a length query. Knows nothing of keys, retries or threads: what a session
/// may do at a time is the caller's to keep. Source: crypto-core.md section 6.
/// </summary>
internal interface IPkcs11Module : IDisposable
{
    Ckr Initialize();

    /// <summary><c>C_Finalize</c>. No other call may be under way: modules answer that with a dead process.</summary>
    Ckr FinalizeModule();

    Ckr GetInfo(out ModuleInfo? info);

    /// <summary>Slots that hold a token. <paramref name="count"/> is what is there, also with <c>CKR_BUFFER_TOO_SMALL</c>.</summary>
    Ckr GetSlotList(Span<SlotId> slots, out int count);

    Ckr GetTokenInfo(SlotId slot, out TokenInfo? info);

    /// <summary><paramref name="count"/> is what is there, also with <c>CKR_BUFFER_TOO_SMALL</c>.</summary>
    Ckr GetMechanismList(SlotId slot, Span<ulong> mechanisms, out int count);

    /// <param name="slot">Emptied.</param>
    /// <param name="officerPin">UTF-8.</param>
    /// <param name="label">UTF-8, at most 32 bytes.</param>
    Ckr InitToken(SlotId slot, ReadOnlySpan<byte> officerPin, ReadOnlySpan<byte> label);

    Ckr InitPin(SessionHandle session, ReadOnlySpan<byte> pin);

    Ckr OpenSession(SlotId slot, bool isReadWrite, out SessionHandle session);

    Ckr CloseSession(SessionHandle session);

    Ckr CloseAllSessions(SlotId slot);

    /// <summary>Asks for the session's state and keeps only whether it is alive.</summary>
    Ckr GetSessionInfo(SessionHandle session);

    Ckr Login(SessionHandle session, CkUser user, ReadOnlySpan<byte> pin);

    Ckr Logout(SessionHandle session);

    Ckr CreateObject(SessionHandle session, ReadOnlySpan<CkAttribute> template, out ObjectHandle created);

    Ckr CopyObject(SessionHandle session, ObjectHandle source, ReadOnlySpan<CkAttribute> template, out ObjectHandle copy);

    Ckr DestroyObject(SessionHandle session, ObjectHandle target);

    /// <summary>One attribute; <paramref name="length"/> is 0 unless it was given.</summary>
    Ckr GetAttributeValue(SessionHandle session, ObjectHandle target, ulong type, Span<byte> value, out int length);

    Ckr SetAttributeValue(SessionHandle session, ObjectHandle target, ReadOnlySpan<CkAttribute> template);

    Ckr FindObjectsInit(SessionHandle session, ReadOnlySpan<CkAttribute> template);

    Ckr FindObjects(SessionHandle session, Span<ObjectHandle> found, out int count);

    Ckr FindObjectsFinal(SessionHandle session);

    Ckr EncryptInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key);

    Ckr Encrypt(SessionHandle session, ReadOnlySpan<byte> data, Span<byte> output, out int written);

    Ckr DecryptInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key);

    Ckr Decrypt(SessionHandle session, ReadOnlySpan<byte> data, Span<byte> output, out int written);

    Ckr SignInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key);

    Ckr Sign(SessionHandle session, ReadOnlySpan<byte> data, Span<byte> output, out int written);

    Ckr VerifyInit(SessionHandle session, in Mechanism mechanism, ObjectHandle key);

    Ckr Verify(SessionHandle session, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    Ckr GenerateKey(SessionHandle session, in Mechanism mechanism, ReadOnlySpan<CkAttribute> template, out ObjectHandle key);

    Ckr GenerateKeyPair(
        SessionHandle session, in Mechanism mechanism, ReadOnlySpan<CkAttribute> publicTemplate, ReadOnlySpan<CkAttribute> privateTemplate,
        out ObjectHandle publicKey, out ObjectHandle privateKey);

    Ckr WrapKey(SessionHandle session, in Mechanism mechanism, ObjectHandle wrappingKey, ObjectHandle key, Span<byte> output, out int written);

    Ckr UnwrapKey(
        SessionHandle session, in Mechanism mechanism, ObjectHandle unwrappingKey, ReadOnlySpan<byte> wrapped, ReadOnlySpan<CkAttribute> template,
        out ObjectHandle key);

    Ckr DeriveKey(
        SessionHandle session, in Mechanism mechanism, ObjectHandle baseKey, ReadOnlySpan<CkAttribute> template, out ObjectHandle key);

    Ckr GenerateRandom(SessionHandle session, Span<byte> random);
}

using System.Collections.Immutable;
using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>
/// What someone with a logged-in session would try in order to get at a key. Each is run against throw-away keys that carry
/// exactly the attributes of the real ones. Source: crypto-core.md section 3.
/// </summary>
internal static class Attacks
{
    /// <summary>The name and the attack; it answers what it got, or null when the token held, with the call that stopped it.</summary>
    public static readonly ImmutableArray<(string Name, Func<AttackScene, AttackResult> Run)> All =
    [
        ("read-sensitive-value", scene => ReadValue(scene)),
        ("make-readable", scene => Set(scene, Cka.Sensitive, false)),
        ("make-extractable", scene => Set(scene, Cka.Extractable, true)),
        ("wrap-unextractable-key", scene => WrapUnextractable(scene)),
        ("unwrap-as-readable", scene => UnwrapReadable(scene, scene.Kek)),
        ("unwrap-as-extractable", scene => UnwrapExtractable(scene)),
        ("unwrap-without-attributes", scene => UnwrapBare(scene)),
        ("unwrap-as-other-type", scene => UnwrapAsOtherType(scene)),
        ("unwrap-through-copied-kek", scene => UnwrapThroughCopy(scene)),
        ("unwrap-by-other-mechanism", scene => UnwrapByOtherMechanism(scene)),
        ("decrypt-with-kek", scene => DecryptWithKek(scene)),
        ("other-mechanism-with-version-key", scene => OtherMechanism(scene)),
    ];

    private static AttackResult ReadValue(AttackScene scene) => Readable(scene, scene.Locked, default);

    private static AttackResult Set(AttackScene scene, ulong attribute, bool value)
    {
        var result = scene.Keys.Session.Set(scene.Locked, CkAttribute.Of(attribute, value));
        return result.IsOk && scene.Keys.Read(scene.Locked, attribute) is [var now] && now != 0 == value
            ? AttackResult.Got("the attribute changed")
            : AttackResult.Stopped(result);
    }

    private static AttackResult WrapUnextractable(AttackScene scene)
    {
        Span<byte> wrapped = stackalloc byte[WrapProbes.MostWrappedBytes];
        var result = scene.Keys.Session.Wrap(Mechanism.Plain(scene.KeyWrap), scene.Kek, scene.Locked, wrapped, out _);
        return result.IsOk ? AttackResult.Got("the key was wrapped") : AttackResult.Stopped(result);
    }

    private static AttackResult UnwrapReadable(AttackScene scene, ObjectHandle kek)
    {
        var result = scene.Unwrap(kek, KeyTemplates.Secret(Ckk.Aes, isSensitive: false, isExtractable: true), out var key);
        return result.IsOk ? Readable(scene, key, result) : AttackResult.Stopped(result);
    }

    private static AttackResult UnwrapExtractable(AttackScene scene)
    {
        var result = scene.Unwrap(scene.Kek, KeyTemplates.Secret(Ckk.Aes, isSensitive: true, isExtractable: true), out var key);
        return result.IsOk ? Extractable(scene, key, result) : AttackResult.Stopped(result);
    }

    private static AttackResult UnwrapBare(AttackScene scene)
    {
        var result = scene.Unwrap(
            scene.Kek, [CkAttribute.Of(Cka.Class, Cko.SecretKey), CkAttribute.Of(Cka.KeyType, Ckk.Aes), CkAttribute.Of(Cka.Token, false)], out var key);
        if (!result.IsOk)
        {
            return AttackResult.Stopped(result);
        }

        var read = Readable(scene, key, result);
        return read.Gain is null ? Extractable(scene, key, result) : read;
    }

    private static AttackResult UnwrapAsOtherType(AttackScene scene)
    {
        var result = scene.Unwrap(scene.Kek, KeyTemplates.Secret(Ckk.GenericSecret, isSensitive: true, isExtractable: false), out _);
        return result.IsOk ? AttackResult.Got("an AES key became a generic secret") : AttackResult.Stopped(result);
    }

    private static AttackResult UnwrapThroughCopy(AttackScene scene)
    {
        var result = scene.Keys.Copy(scene.Kek, [CkAttribute.Of(Cka.Token, false)], out var copy);
        return result.IsOk ? UnwrapReadable(scene, copy) : AttackResult.Stopped(result);
    }

    private static AttackResult UnwrapByOtherMechanism(AttackScene scene)
    {
        var result = scene.Keys.Unwrap(Ckm.AesKeyWrap, scene.Kek, scene.WrappedUnpadded, KeyTemplates.UnwrappedVersionKey(), out _);
        return IsForMechanism(result) ? AttackResult.Stopped(result) : AttackResult.Got("a mechanism outside the KEK's list was accepted");
    }

    private static AttackResult DecryptWithKek(AttackScene scene)
    {
        // Why first the attribute: a module may let an owner switch the usage on; then the list of mechanisms must hold.
        var switched = scene.Keys.Session.Set(scene.Kek, CkAttribute.Of(Cka.Decrypt, true));
        Span<byte> output = stackalloc byte[64];
        var result = scene.Keys.Session.Decrypt(Mechanism.Plain(Ckm.AesEcb), scene.Kek, scene.Wrapped.AsSpan(0, 32), output, out _);
        var stop = switched.IsOk ? result : switched;
        return result.IsOk ? AttackResult.Got("the KEK decrypts") : AttackResult.Stopped(stop);
    }

    private static AttackResult OtherMechanism(AttackScene scene)
    {
        Span<byte> output = stackalloc byte[16];
        var result = scene.Keys.Session.Encrypt(Mechanism.WithVector(Ckm.AesCbc, new byte[16]), scene.Locked, new byte[16], output, out _);
        return IsForMechanism(result) ? AttackResult.Stopped(result) : AttackResult.Got("a mechanism outside the key's list was accepted");
    }

    /// <summary>Any other refusal came after the mechanism was accepted, from looking at the data.</summary>
    private static bool IsForMechanism(CkResult result) =>
        result.Code is Ckr.MechanismInvalid or Ckr.KeyFunctionNotPermitted or Ckr.FunctionNotSupported or Ckr.ActionProhibited;

    private static AttackResult Readable(AttackScene scene, ObjectHandle key, CkResult before)
    {
        Span<byte> value = stackalloc byte[64];
        var result = scene.Keys.Session.Get(key, Cka.Value, value, out var length);
        CryptographicOperations.ZeroMemory(value);
        var stop = result.IsOk ? before : result;
        return result.IsOk && length > 0 ? AttackResult.Got("the value was read") : AttackResult.Stopped(stop);
    }

    private static AttackResult Extractable(AttackScene scene, ObjectHandle key, CkResult before) =>
        scene.Keys.Read(key, Cka.Extractable) is [0] ? AttackResult.Stopped(before) : AttackResult.Got("an extractable copy was made");
}

/// <summary>How one attack ended.</summary>
/// <param name="Gain">What it got; null when the token held.</param>
/// <param name="Last">The call that decided.</param>
internal readonly record struct AttackResult(string? Gain, CkResult Last)
{
    public static AttackResult Got(string gain) => new(gain, default);

    public static AttackResult Stopped(CkResult last) => new(null, last);
}

using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>A KEK as the real ones are, a version key wrapped under it, and the same key locked. Fresh for every attack.</summary>
internal sealed class AttackScene : IDisposable
{
    private AttackScene(ProbeKeys keys, ulong keyWrap) => (Keys, KeyWrap) = (keys, keyWrap);

    public ProbeKeys Keys { get; }

    /// <summary>The mechanism that is RFC 5649 here.</summary>
    public ulong KeyWrap { get; }

    public ObjectHandle Kek { get; private set; }

    /// <summary>An AES key that must not leave.</summary>
    public ObjectHandle Locked { get; private set; }

    /// <summary>A version key, wrapped under <see cref="Kek"/>.</summary>
    public byte[] Wrapped { get; private set; } = [];

    /// <summary>Forty bytes that only have the length of a key wrapped by RFC 3394.</summary>
    public byte[] WrappedUnpadded { get; } = RandomNumberGenerator.GetBytes(40);

    /// <exception cref="Pkcs11Exception">The token cannot even do what is allowed.</exception>
    public static AttackScene Set(TokenSession session, ulong keyWrap)
    {
        var scene = new AttackScene(new ProbeKeys(session), keyWrap);
        try
        {
            scene.Keys.Aes(KeyTemplates.SymmetricKek(keyWrap, isTokenObject: false), out var kek).ThrowIfFailed();
            scene.Kek = kek;
            scene.Keys.Aes(KeyTemplates.NewVersionKey(), out var version).ThrowIfFailed();
            Span<byte> wrapped = stackalloc byte[WrapProbes.MostWrappedBytes];
            session.Wrap(Mechanism.Plain(keyWrap), kek, version, wrapped, out var length).ThrowIfFailed();
            scene.Wrapped = wrapped[..length].ToArray();
            scene.Unwrap(kek, KeyTemplates.UnwrappedVersionKey(), out var locked).ThrowIfFailed();
            scene.Locked = locked;
            return scene;
        }
        catch
        {
            scene.Dispose();
            throw;
        }
    }

    public CkResult Unwrap(ObjectHandle kek, ReadOnlySpan<CkAttribute> template, out ObjectHandle key) =>
        Keys.Unwrap(KeyWrap, kek, Wrapped, template, out key);

    public void Dispose() => Keys.Dispose();
}

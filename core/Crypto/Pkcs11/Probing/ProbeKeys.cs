using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>Throw-away session keys of a probe, destroyed when it ends.</summary>
internal sealed class ProbeKeys(TokenSession session) : IDisposable
{
    private readonly List<ObjectHandle> made = [];

    public TokenSession Session => session;

    /// <summary>Remembers what has to be destroyed.</summary>
    public ObjectHandle Keep(ObjectHandle key)
    {
        made.Add(key);
        return key;
    }

    /// <summary>An AES key whose value this process knows, for comparing.</summary>
    public CkResult Known(ReadOnlySpan<byte> value, ReadOnlySpan<CkAttribute> usage, out ObjectHandle key)
    {
        // Why a copy: attributes hold memory, not spans. The key is thrown away.
        var copy = value.ToArray();
        var result = session.Create(
            [.. KeyTemplates.Secret(Ckk.Aes, isSensitive: false, isExtractable: true), CkAttribute.Of(Cka.Value, copy), .. usage], out key);
        CryptographicOperations.ZeroMemory(copy);
        return Kept(result, key);
    }

    public CkResult Aes(ReadOnlySpan<CkAttribute> template, out ObjectHandle key) =>
        Kept(session.GenerateKey(Mechanism.Plain(Ckm.AesKeyGen), template, out key), key);

    public CkResult Unwrap(
        ulong mechanism, ObjectHandle kek, ReadOnlySpan<byte> wrapped, ReadOnlySpan<CkAttribute> template, out ObjectHandle key) =>
        Kept(session.Unwrap(Mechanism.Plain(mechanism), kek, wrapped, template, out key), key);

    public CkResult Copy(ObjectHandle source, ReadOnlySpan<CkAttribute> template, out ObjectHandle copy) =>
        Kept(session.Copy(source, template, out copy), copy);

    public CkResult Pair(
        ulong mechanism, ReadOnlySpan<CkAttribute> publicTemplate, ReadOnlySpan<CkAttribute> privateTemplate, out ObjectHandle publicKey, out ObjectHandle privateKey)
    {
        var result = session.GenerateKeyPair(Mechanism.Plain(mechanism), publicTemplate, privateTemplate, out publicKey, out privateKey);
        return Kept(Kept(result, publicKey), privateKey);
    }

    public byte[] Read(ObjectHandle key, ulong attribute)
    {
        Span<byte> buffer = stackalloc byte[1024];
        session.Get(key, attribute, buffer, out var length).ThrowIfFailed();
        return buffer[..length].ToArray();
    }

    public void Dispose()
    {
        foreach (var key in made)
        {
            // Why unchecked: session objects end with the session, and the attacks may have destroyed some.
            _ = session.Destroy(key);
        }

        made.Clear();
    }

    private CkResult Kept(CkResult result, ObjectHandle key)
    {
        if (result.IsOk)
        {
            made.Add(key);
        }

        return result;
    }
}

using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>Wrapping one key under another.</summary>
internal static class WrapProbes
{
    /// <summary>Room for an RSA-4096 private key, wrapped.</summary>
    public const int MostWrappedBytes = 4096;

    /// <summary>RFC 3394, by its own test vector (section 4.6).</summary>
    public static string? KeyWrapWithoutPadding(ProbeKeys keys)
    {
        var kek = Convert.FromHexString("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
        var value = Convert.FromHexString("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
        var expected = Convert.FromHexString("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21");
        return Compare(keys, Ckm.AesKeyWrap, kek, value, expected);
    }

    /// <summary>RFC 5649, against .NET, both ways.</summary>
    public static string? KeyWrap(ProbeKeys keys, ulong mechanism)
    {
        var kek = RandomNumberGenerator.GetBytes(KeyTemplates.AesBytes);
        var value = RandomNumberGenerator.GetBytes(KeyTemplates.AesBytes);
        using var reference = Aes.Create();
        reference.SetKey(kek);
        try
        {
            return Compare(keys, mechanism, kek, value, reference.EncryptKeyWrapPadded(value));
        }
        catch (Pkcs11Exception refused) when (refused.Function is CkFunction.WrapKey or CkFunction.UnwrapKey or CkFunction.CreateObject)
        {
            return refused.Message;
        }
    }

    /// <summary>A private key wrapped, unwrapped as one that stays inside, and used; <paramref name="use"/> answers null when its answers are right.</summary>
    public static string? PrivateKey(ProbeKeys keys, ulong keyWrap, ulong keyType, ObjectHandle privateKey, ReadOnlyMemory<byte> publicValue, Func<ObjectHandle, string?> use)
    {
        keys.Aes(KeyTemplates.AsymmetricKek(keyWrap, isTokenObject: false), out var kek).ThrowIfFailed();
        Span<byte> wrapped = stackalloc byte[MostWrappedBytes];
        keys.Session.Wrap(Mechanism.Plain(keyWrap), kek, privateKey, wrapped, out var length).ThrowIfFailed();
        CkAttribute[] template = [.. AsymmetricProbes.PrivateTemplate(keyType, isExtractable: false)];
        var result = keys.Unwrap(keyWrap, kek, wrapped[..length], template, out var unwrapped);
        if (!result.IsOk && keyType == Ckk.Ec)
        {
            // Why: NSS takes an EC private key only with its public value beside it.
            result = keys.Unwrap(keyWrap, kek, wrapped[..length], [.. template, CkAttribute.Of(Cka.NssDatabase, publicValue)], out unwrapped);
        }

        result.ThrowIfFailed();
        return use(unwrapped);
    }

    private static string? Compare(ProbeKeys keys, ulong mechanism, byte[] kek, byte[] value, byte[] expected)
    {
        keys.Known(kek, KeyTemplates.Usage(Cka.Wrap, Cka.Unwrap), out var wrapping).ThrowIfFailed();
        keys.Known(value, KeyTemplates.Usage(Cka.Encrypt), out var wrapped).ThrowIfFailed();
        Span<byte> output = stackalloc byte[MostWrappedBytes];
        keys.Session.Wrap(Mechanism.Plain(mechanism), wrapping, wrapped, output, out var length).ThrowIfFailed();
        if (!output[..length].SequenceEqual(expected))
        {
            return "wraps otherwise than the standard";
        }

        keys.Unwrap(
            mechanism, wrapping, expected, [.. KeyTemplates.Secret(Ckk.Aes, isSensitive: false, isExtractable: true), .. KeyTemplates.Usage(Cka.Encrypt)],
            out var unwrapped).ThrowIfFailed();
        return keys.Read(unwrapped, Cka.Value).AsSpan().SequenceEqual(value) ? null : "unwraps to another key";
    }
}

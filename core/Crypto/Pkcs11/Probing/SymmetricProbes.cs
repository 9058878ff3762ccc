using System.Security.Cryptography;

namespace KmsGateway.Core.Crypto.Pkcs11.Probing;

/// <summary>AES and randomness. Every probe answers null, or what was wrong; a refused call throws its code.</summary>
internal static class SymmetricProbes
{
    private const int TagBytes = 16;
    private static readonly int[] Sizes = [0, 5, 4096];

    public static string? Generate(ProbeKeys keys)
    {
        keys.Aes(KeyTemplates.NewVersionKey(), out var key).ThrowIfFailed();
        Span<byte> value = stackalloc byte[KeyTemplates.AesBytes];
        return keys.Session.Get(key, Cka.Value, value, out var length).IsOk && length > 0 ? "the value of a sensitive key can be read" : null;
    }

    public static string? Gcm(ProbeKeys keys)
    {
        Span<byte> value = stackalloc byte[KeyTemplates.AesBytes];
        RandomNumberGenerator.Fill(value);
        keys.Known(value, KeyTemplates.Usage(Cka.Encrypt, Cka.Decrypt), out var key).ThrowIfFailed();
        using var reference = new AesGcm(value, TagBytes);
        return Array.Find([.. Sizes.Select(size => GcmOfSize(keys.Session, key, reference, size))], fault => fault is not null);
    }

    public static string? Ecb(ProbeKeys keys)
    {
        Span<byte> value = stackalloc byte[KeyTemplates.AesBytes];
        RandomNumberGenerator.Fill(value);
        keys.Known(value, KeyTemplates.Usage(Cka.Encrypt), out var key).ThrowIfFailed();
        using var reference = Aes.Create();
        reference.SetKey(value);
        var expected = reference.EncryptEcb("kms-material-fp1"u8, PaddingMode.None);
        Span<byte> block = stackalloc byte[expected.Length];
        keys.Session.Encrypt(Mechanism.Plain(Ckm.AesEcb), key, "kms-material-fp1"u8, block, out _).ThrowIfFailed();
        return block.SequenceEqual(expected) ? null : "differs from .NET";
    }

    public static string? DeriveByEcb(ProbeKeys keys)
    {
        Span<byte> value = stackalloc byte[KeyTemplates.AesBytes];
        RandomNumberGenerator.Fill(value);
        keys.Known(value, KeyTemplates.Usage(Cka.Derive), out var key).ThrowIfFailed();
        var data = RandomNumberGenerator.GetBytes(KeyTemplates.AesBytes);
        using var reference = Aes.Create();
        reference.SetKey(value);
        var expected = reference.EncryptEcb(data, PaddingMode.None);
        keys.Session.Derive(
            Mechanism.StringData(Ckm.AesEcbEncryptData, data),
            key,
            [.. KeyTemplates.Secret(Ckk.Aes, isSensitive: false, isExtractable: true), CkAttribute.Of(Cka.ValueLength, KeyTemplates.AesBytes), .. KeyTemplates.Usage(Cka.Encrypt)],
            out var derived).ThrowIfFailed();
        keys.Keep(derived);
        return keys.Read(derived, Cka.Value).AsSpan().SequenceEqual(expected) ? null : "differs from .NET";
    }

    public static string? Random(ProbeKeys keys)
    {
        Span<byte> first = stackalloc byte[KeyTemplates.AesBytes];
        Span<byte> second = stackalloc byte[KeyTemplates.AesBytes];
        keys.Session.Random(first).ThrowIfFailed();
        keys.Session.Random(second).ThrowIfFailed();
        return first.SequenceEqual(second) ? "the same bytes twice" : null;
    }

    private static string? GcmOfSize(TokenSession session, ObjectHandle key, AesGcm reference, int size)
    {
        var nonce = RandomNumberGenerator.GetBytes(12);
        var message = RandomNumberGenerator.GetBytes(size);
        var associated = "kms-probe"u8;
        var output = new byte[size + TagBytes];
        session.Encrypt(Mechanism.Gcm(nonce, associated), key, message, output, out var written).ThrowIfFailed();
        var expected = new byte[size + TagBytes];
        reference.Encrypt(nonce, message, expected.AsSpan(0, size), expected.AsSpan(size), associated);
        if (written != expected.Length || !output.AsSpan().SequenceEqual(expected))
        {
            return $"encryption of {size} bytes differs from .NET";
        }

        session.Decrypt(Mechanism.Gcm(nonce, associated), key, expected, output, out written).ThrowIfFailed();
        return written == size && output.AsSpan(0, size).SequenceEqual(message) ? null : $"decryption of {size} bytes differs";
    }
}

using System.Buffers.Binary;

namespace KmsGateway.Core.Crypto.Pkcs11;

/// <summary>
/// One attribute of a template: its type and its bytes, or the template it holds. CK_ULONG has the platform's 8 bytes.
/// </summary>
internal readonly struct CkAttribute
{
    private CkAttribute(ulong type, ReadOnlyMemory<byte> value, CkAttribute[]? nested)
    {
        Type = type;
        Value = value;
        Nested = nested;
    }

    public ulong Type { get; }

    /// <summary>Empty when <see cref="Nested"/> is there.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The template that is this attribute's value, as in <see cref="Cka.UnwrapTemplate"/>.</summary>
    public CkAttribute[]? Nested { get; }

    public static CkAttribute Of(ulong type, bool value) => new(type, new[] { value ? (byte)1 : (byte)0 }, null);

    public static CkAttribute Of(ulong type, ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new CkAttribute(type, bytes, null);
    }

    public static CkAttribute Of(ulong type, ReadOnlyMemory<byte> value) => new(type, value, null);

    public static CkAttribute OfTemplate(ulong type, params CkAttribute[] template) => new(type, default, template);

    public static CkAttribute OfMechanisms(ulong type, params ReadOnlySpan<ulong> mechanisms)
    {
        var bytes = new byte[mechanisms.Length * sizeof(ulong)];
        for (var index = 0; index < mechanisms.Length; index++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(index * sizeof(ulong)), mechanisms[index]);
        }

        return new CkAttribute(type, bytes, null);
    }
}

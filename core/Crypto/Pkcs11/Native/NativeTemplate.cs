using System.Runtime.InteropServices;

namespace KmsGateway.Core.Crypto.Pkcs11.Native;

/// <summary>
/// A template in one block of native memory: <c>{ CK_ATTRIBUTE × n | value | value | … }</c>, every value on a multiple of 8 bytes, a
/// template inside a template laid out the same way. Zeroed when it is given back.
/// </summary>
internal readonly unsafe ref struct NativeTemplate : IDisposable
{
    private readonly byte* block;
    private readonly int size;

    public NativeTemplate(ReadOnlySpan<CkAttribute> attributes)
    {
        Count = (ulong)attributes.Length;
        size = SizeOf(attributes);
        block = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(size, 1));
        Write(attributes, block);
    }

    public ulong Count { get; }

    public NativeAttribute* Attributes => (NativeAttribute*)block;

    public void Dispose()
    {
        new Span<byte>(block, size).Clear();
        NativeMemory.Free(block);
    }

    private static int SizeOf(ReadOnlySpan<CkAttribute> attributes)
    {
        var total = attributes.Length * sizeof(NativeAttribute);
        foreach (ref readonly var attribute in attributes)
        {
            total += ValueSize(attribute);
        }

        return total;
    }

    private static int ValueSize(in CkAttribute attribute) =>
        attribute.Nested is { } nested ? SizeOf(nested) : (attribute.Value.Length + 7) / 8 * 8;

    private static void Write(ReadOnlySpan<CkAttribute> attributes, byte* place)
    {
        var entry = (NativeAttribute*)place;
        var value = place + (attributes.Length * sizeof(NativeAttribute));
        foreach (ref readonly var attribute in attributes)
        {
            *entry++ = new NativeAttribute { Type = attribute.Type, Value = value, Length = (ulong)LengthOf(attribute) };
            if (attribute.Nested is { } nested)
            {
                Write(nested, value);
            }
            else
            {
                attribute.Value.Span.CopyTo(new Span<byte>(value, attribute.Value.Length));
            }

            value += ValueSize(attribute);
        }
    }

    private static int LengthOf(in CkAttribute attribute) =>
        attribute.Nested is { } nested ? nested.Length * sizeof(NativeAttribute) : attribute.Value.Length;
}

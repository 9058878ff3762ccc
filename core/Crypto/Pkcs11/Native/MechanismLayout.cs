namespace KmsGateway.Core.Crypto.Pkcs11.Native;

/// <summary>Lays a mechanism's parameter out as the platform's C compiler does: fields of 8 bytes, in order.</summary>
internal static unsafe class MechanismLayout
{
    /// <summary>Fields of the largest parameter.</summary>
    public const int Fields = 6;

    private const ulong DataSpecified = 1;

    /// <summary>The caller keeps <paramref name="first"/> and <paramref name="second"/>, the mechanism's spans, pinned.</summary>
    public static NativeMechanism Write(in Mechanism mechanism, byte* first, byte* second, ulong* fields)
    {
        if (mechanism.Parameter == MechanismParameter.Bytes)
        {
            return new NativeMechanism { Type = mechanism.Type, Parameter = first, Length = (ulong)mechanism.First.Length };
        }

        var count = mechanism.Parameter switch
        {
            MechanismParameter.None => 0,
            MechanismParameter.Gcm => Put(fields,
                (ulong)first, (ulong)mechanism.First.Length, (ulong)mechanism.First.Length * 8, (ulong)second, (ulong)mechanism.Second.Length, mechanism.Size),
            MechanismParameter.Oaep => Put(fields, mechanism.Hash, mechanism.Mask, DataSpecified, 0, 0),
            MechanismParameter.Pss => Put(fields, mechanism.Hash, mechanism.Mask, mechanism.Size),
            MechanismParameter.StringData => Put(fields, (ulong)first, (ulong)mechanism.First.Length),
            _ => throw new ArgumentOutOfRangeException(nameof(mechanism)),
        };
        return new NativeMechanism { Type = mechanism.Type, Parameter = count == 0 ? null : fields, Length = (ulong)count * sizeof(ulong) };
    }

    private static int Put(ulong* fields, params ReadOnlySpan<ulong> values)
    {
        values.CopyTo(new Span<ulong>(fields, Fields));
        return values.Length;
    }
}

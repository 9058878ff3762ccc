using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Sts;

/// <summary>
/// Reads what <see cref="SessionWriter"/> wrote. The bytes were authenticated, so a fault means another program's layout: no
/// contents, never a guess.
/// </summary>
internal ref struct SessionReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxItems = 64;

    private ReadOnlySpan<byte> rest = bytes;
    private bool isBroken;

    /// <summary>The contents, or null; bytes that are left over are a fault.</summary>
    public static SessionContents? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SessionReader(bytes);
        var accessKeyId = reader.Text();
        var secret = new SecretBuffer(reader.Bytes());
        var sessionName = reader.Text();
        var expires = reader.Number();
        var isMfaPresent = reader.Number() == 1;
        var policy = reader.Text();
        var links = reader.Links();
        if (reader.isBroken || !reader.rest.IsEmpty || links.IsEmpty)
        {
            secret.Dispose();
            return null;
        }

        return new SessionContents(
            accessKeyId, secret, sessionName, DateTimeOffset.FromUnixTimeSeconds(expires), isMfaPresent, policy.Length == 0 ? null : policy, links);
    }

    private ImmutableArray<SessionLink> Links()
    {
        var links = ImmutableArray.CreateBuilder<SessionLink>();
        for (var left = Count(); left > 0 && !isBroken; left--)
        {
            links.Add(new SessionLink(
                Number(), Text(), Text(), DateTimeOffset.FromUnixTimeMilliseconds(Number()), Caller(), Circumstances()));
        }

        return links.ToImmutable();
    }

    private SessionCaller Caller() => new((PrincipalType)Number(), Text(), Number(), Text());

    private ImmutableArray<KeyValuePair<string, string>> Circumstances()
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        for (var left = Count(); left > 0 && !isBroken; left--)
        {
            entries.Add(new KeyValuePair<string, string>(Text(), Text()));
        }

        return entries.ToImmutable();
    }

    private int Count()
    {
        var count = Number();
        isBroken |= count is < 0 or > MaxItems;
        return isBroken ? 0 : (int)count;
    }

    private string Text() => Encoding.UTF8.GetString(Bytes());

    private ReadOnlySpan<byte> Bytes()
    {
        var head = Take(sizeof(ushort));
        return isBroken ? [] : Take(BinaryPrimitives.ReadUInt16BigEndian(head));
    }

    private long Number()
    {
        var number = Take(sizeof(long));
        return isBroken ? 0 : BinaryPrimitives.ReadInt64BigEndian(number);
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (isBroken || size > rest.Length)
        {
            isBroken = true;
            return [];
        }

        var taken = rest[..size];
        rest = rest[size..];
        return taken;
    }
}

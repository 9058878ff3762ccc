using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Gateway.Ram;

namespace KmsGateway.Gateway.Seed;

/// <summary>
/// Ids that follow from names, so that the same seed makes the same ids everywhere: SHA-256 over
/// <c>kmsgateway-seed/1 \n account \n region \n kind \n name</c>.
/// </summary>
internal static class SeedIds
{
    /// <summary>Id of a user, role, group or policy.</summary>
    public static long Entity(string account, string kind, string name) =>
        EntityId.Of(kind, BinaryPrimitives.ReadUInt64BigEndian(Hash(account, string.Empty, kind, name)));

    /// <summary>Id of a key: a UUID of version 8 (RFC 9562, for own schemes).</summary>
    public static string Key(string account, string region, string name)
    {
        const byte versionEight = 0x80;
        const byte variant = 0x80;
        var bytes = Hash(account, region, "key", name)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | versionEight);
        bytes[8] = (byte)((bytes[8] & 0x3F) | variant);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    private static byte[] Hash(string account, string region, string kind, string name) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"kmsgateway-seed/1\n{account}\n{region}\n{kind}\n{name}"));
}

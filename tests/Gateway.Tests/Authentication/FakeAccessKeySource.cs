using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>Access keys in a dictionary; counts how often it is asked.</summary>
internal sealed class FakeAccessKeySource : IAccessKeySource
{
    public const string Account = "1234567890123456";

    private readonly Dictionary<string, AccessKey> keys = new(StringComparer.Ordinal);

    public int Lookups { get; private set; }

    public FakeAccessKeySource Add(
        string id, string secret, bool isActive = true, string? token = null, DateTimeOffset expires = default, Identity? owner = null)
    {
        var session = token is null ? null : new TemporaryCredential(HashOf(token), expires);
        var identity = owner ?? (session is null
            ? new Identity(PrincipalKind.User, Account, "300000000000000001", "alice")
            : new Identity(PrincipalKind.RoleSession, Account, "300000000000000002", "ci", "nightly"));
        keys[id] = new AccessKey(id, isActive, new HeldSecret(new SecretBuffer(Encoding.UTF8.GetBytes(secret))), identity, session);
        return this;
    }

    public ValueTask<AccessKey?> FindAsync(string accessKeyId, CancellationToken cancellationToken)
    {
        Lookups++;
        return ValueTask.FromResult(keys.GetValueOrDefault(accessKeyId));
    }

    public ValueTask<bool> IsIssuedTokenAsync(ReadOnlyMemory<byte> tokenHash, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keys.Values.Any(key => key.Session?.TokenHash.Span.SequenceEqual(tokenHash.Span) == true));

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

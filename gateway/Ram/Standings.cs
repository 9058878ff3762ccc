using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.Ram;

/// <summary>What decides whether a session that a user, role or account is part of is alive.</summary>
/// <param name="Id">User, role, or the root of an account.</param>
/// <param name="AccountId">Its account.</param>
/// <param name="Name">Its name now.</param>
/// <param name="IsAccountActive">A disabled account's sessions are inactive.</param>
/// <param name="Role">For a role: who may assume it, and since when.</param>
internal sealed record Standing(long Id, string AccountId, string Name, bool IsAccountActive, RoleTerms? Role)
{
    /// <summary>When a user or role was made, to the millisecond: what was done before under its id, another did.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A role's terms for its sessions.</summary>
/// <param name="Trust">Null when the stored document cannot be read: nobody is trusted.</param>
/// <param name="RevokeBefore">Sessions issued before this instant are dead.</param>
internal sealed record RoleTerms(PolicyDocument? Trust, DateTimeOffset RevokeBefore);

/// <summary>
/// Standings out of ram.db, kept until their identity or the root of its account is raised. Who is gone is not remembered.
/// </summary>
internal sealed class Standings(RamDatabase database, RamCaches caches)
{
    /// <summary>The user of that id in that account; null when there is none (any more).</summary>
    public Standing? User(string account, long id) => Find(account, IdentityKind.User, id);

    /// <summary>The role of that id in that account; null when there is none (any more).</summary>
    public Standing? Role(string account, long id) => Find(account, IdentityKind.Role, id);

    /// <summary>The account itself; null when there is none.</summary>
    public Standing? Account(string account) => Find(account, IdentityKind.Root, 0);

    /// <summary>The role of that name in that account.</summary>
    public Standing? RoleNamed(string account, string name)
    {
        var role = database.Read(reader => IdentityTable.FindByName(reader, account, IdentityKind.Role, name));
        return role is null ? null : Role(account, role.Id);
    }

    private Standing? Find(string account, string kind, long id)
    {
        var key = new StandingKey(account, kind, id);
        if (caches.Standings.TryGet(key, out var held))
        {
            return held;
        }

        var stamp = caches.Standings.Stamp;
        var (standing, rootId, trustCharacters) = database.Read(reader => Load(reader, key));
        if (standing is not null)
        {
            caches.Standings.Add(key, standing, [standing.Id, rootId], stamp, RamCacheLimits.IdentityBytes + RamCacheLimits.CompiledBytes(trustCharacters));
        }

        return standing;
    }

    private static (Standing? Standing, long RootId, int TrustCharacters) Load(RamReader reader, StandingKey key)
    {
        if (key.Kind == IdentityKind.Root)
        {
            return AccountTable.Find(reader, key.AccountId) is { } found
                ? (new Standing(found.RootId, found.Id, found.Name, found.IsActive != 0, null), found.RootId, 0)
                : (null, 0, 0);
        }

        if (IdentityTable.FindById(reader, key.AccountId, key.Kind, key.Id) is not { } identity)
        {
            return (null, 0, 0);
        }

        var account = AccountTable.Find(reader, key.AccountId)!;
        var role = key.Kind == IdentityKind.Role ? RoleTable.Get(reader, key.Id) : null;
        var standing = new Standing(identity.Id, identity.AccountId, identity.Name, account.IsActive != 0, role is null ? null : Terms(role))
        {
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(identity.CreatedAt),
        };
        return (standing, account.RootId, role?.TrustDocument.Length ?? 0);
    }

    private static RoleTerms Terms(RoleRecord role) => new(
        PolicyParser.Parse(role.TrustDocument, PolicyKind.Trust).Document,
        DateTimeOffset.FromUnixTimeMilliseconds(role.RevokeBefore));
}

using System.Security.Cryptography;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>A seed: what shall be there. Members that are null are not spoken of and stay as they are. Disposing clears its secrets.</summary>
internal sealed record SeedDocument(string File, IReadOnlyList<SeedAccount> Accounts) : IDisposable
{
    public void Dispose()
    {
        var userKeys = Accounts.SelectMany(account => account.Identities).SelectMany(identity => identity.AccessKeys);
        foreach (var key in Accounts.Select(account => account.RootKey).OfType<SeedAccessKey>().Concat(userKeys))
        {
            CryptographicOperations.ZeroMemory(key.Secret);
        }
    }
}

/// <summary>An account. Source: docs/seed.md.</summary>
internal sealed record SeedAccount(
    SeedNode Place, string Id, string? Name, SeedAccessKey? RootKey, IReadOnlyList<SeedPolicy> Policies, IReadOnlyList<SeedIdentity> Identities,
    IReadOnlyList<SeedKey> Keys);

/// <summary>An access key with its secret, in clear until it is sealed.</summary>
internal sealed record SeedAccessKey(SeedNode Place, string Id, byte[] Secret, bool IsActive);

/// <summary>A custom policy and its default version.</summary>
internal sealed record SeedPolicy(SeedNode Place, string Name, string? Description, string Document);

/// <summary>A user, group or role. <c>Attributes</c>: parameters of the API that makes it, <c>DisplayName</c>; only those that are given.</summary>
internal sealed record SeedIdentity(SeedNode Place, string Kind, string Name, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Null when the file does not speak of them.</summary>
    public IReadOnlyList<SeedReference>? Policies { get; init; }

    /// <summary>Of users; null when the file does not speak of them.</summary>
    public IReadOnlyList<SeedReference>? Groups { get; init; }

    /// <summary>Of users.</summary>
    public IReadOnlyList<SeedAccessKey> AccessKeys { get; init; } = [];
}

/// <summary>A name that leads to something else: <c>UseApollo</c>, <c>system/AdministratorAccess</c>, <c>devs</c>.</summary>
internal sealed record SeedReference(SeedNode Place, string Name)
{
    private const string SystemPrefix = "system/";

    /// <summary>Of policies.</summary>
    public bool IsSystem => Name.StartsWith(SystemPrefix, StringComparison.Ordinal);

    /// <summary>Of policies, without the prefix.</summary>
    public string PolicyName => IsSystem ? Name[SystemPrefix.Length..] : Name;

    /// <summary>How a policy is written in a seed.</summary>
    public static string OfPolicy(string name, bool isSystem) => isSystem ? SystemPrefix + name : name;
}

/// <summary>A key with its tags and aliases; tags that are there and not in the file stay.</summary>
internal sealed record SeedKey(
    SeedNode Place, string Name, string? Spec, string? Usage, string? ProtectionLevel, string? Description, bool? IsEnabled,
    IReadOnlyDictionary<string, string> Tags, IReadOnlyList<SeedReference> Aliases);

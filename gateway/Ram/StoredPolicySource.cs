using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;
using PrincipalKind = KmsGateway.Gateway.Authentication.PrincipalKind;

namespace KmsGateway.Gateway.Ram;

/// <summary>
/// The policies of users and roles out of ram.db, kept per identity until something they are made of is raised. Identities that
/// hold the same share one compiled set. The session policy of a role session is laid over what is kept for its role.
/// </summary>
internal sealed class StoredPolicySource(RamDatabase database, RamCaches caches, ILogger logger) : IPolicySource
{
    private const int Attempts = 3;

    private static readonly IdentityPolicies Nothing = new(0, PolicySet.Empty, []);

    /// <inheritdoc />
    public ValueTask<IdentityPolicies> GetAsync(Identity identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var policies = Get(identity);
        return ValueTask.FromResult(identity.Session is { } session ? session.Narrow(policies) : policies);
    }

    private IdentityPolicies Get(Identity identity)
    {
        var key = new IdentityKey(identity.Kind, identity.AccountId, identity.Id);
        if (caches.Policies.TryGet(key, out var held))
        {
            return held;
        }

        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var stamp = caches.Policies.Stamp;
            var holdings = Holdings(identity);
            if (holdings.Count == 0)
            {
                // Why not kept: the identity was deleted after it signed the request; nothing would ever drop the entry.
                return Nothing;
            }

            var compilation = new PolicyCompilation(holdings);
            if (Set(compilation, identity.AccountId) is { } set)
            {
                var policies = compilation.Under(set);
                var weight = RamCacheLimits.IdentityBytes + (RamCacheLimits.HeldPolicyBytes * policies.Attached.Length);
                caches.Policies.Add(key, policies, compilation.DependsOn, stamp, weight);
                return policies;
            }
        }

        throw new InvalidOperationException($"a version is the default of a policy of {identity.Arn} but is not stored");
    }

    private IReadOnlyList<Holding> Holdings(Identity identity) => identity.Kind switch
    {
        PrincipalKind.Root => AccountTable.RootId(database, identity.AccountId) is { } id
            ? HoldingTable.Of(database, identity.AccountId, IdentityKind.Root, id)
            : [],
        PrincipalKind.User => HoldingTable.Of(database, identity.AccountId, IdentityKind.User, EntityId.Parse(identity.Id)),
        PrincipalKind.RoleSession => HoldingTable.Of(database, identity.AccountId, IdentityKind.Role, EntityId.Parse(identity.Id)),
        _ => throw new ArgumentException("an identity has a kind", nameof(identity)),
    };

    /// <summary>Null when a version is gone: it was taken away after the holdings were read, which are to be read again.</summary>
    private PolicySet? Set(PolicyCompilation compilation, string account)
    {
        var name = compilation.SetName;
        if (name.Length == 0)
        {
            return PolicySet.Empty;
        }

        if (caches.Sets.TryGet(name, out var held))
        {
            return held;
        }

        var documents = new List<ParsedPolicy>(compilation.Policies.Count);
        foreach (var policy in compilation.Policies)
        {
            if (Document(policy) is not { } document)
            {
                return null;
            }

            documents.Add(document);
        }

        if (documents.FindIndex(document => document.Document is null) is var at and >= 0)
        {
            // Why nothing is granted at all: what cannot be read may have held a Deny.
            RamLog.UnreadablePolicy(logger, account, compilation.Attached[at].AttachedTo, compilation.Attached[at].Name);
            return PolicySet.Invalid;
        }

        var set = new PolicySet([.. documents.Select(document => document.Document!)]);
        caches.Sets.Add(name, set, [], caches.Sets.Stamp, RamCacheLimits.CompiledBytes(documents.Sum(document => document.Characters)));
        return set;
    }

    private ParsedPolicy? Document(HeldPolicy policy)
    {
        if (policy.Id == 0)
        {
            return new ParsedPolicy(SystemPolicies.Find(policy.Name)?.Document, 0);
        }

        var version = (policy.Id, policy.Version);
        if (caches.Documents.TryGet(version, out var held))
        {
            return held;
        }

        if (PolicyVersionTable.Text(database, policy.Id, policy.DefaultVersion) is not { } text)
        {
            return null;
        }

        var parsed = new ParsedPolicy(PolicyParser.Parse(text, PolicyKind.Identity).Document, text.Length);
        caches.Documents.Add(version, parsed, [], caches.Documents.Stamp, RamCacheLimits.CompiledBytes(text.Length));
        return parsed;
    }
}

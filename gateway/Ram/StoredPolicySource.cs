using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;
using PrincipalKind = KmsGateway.Gateway.Authentication.PrincipalKind;

namespace KmsGateway.Gateway.Ram;

/// <summary>
/// The policies of users and roles out of ram.db, compiled once per identity version. The session policy of a role session is
/// laid over what is kept for its role.
/// </summary>
internal sealed class StoredPolicySource(RamDatabase database, RamCaches caches, ILogger logger) : IPolicySource
{
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

        var stamp = caches.Policies.Stamp;
        var loaded = database.Read(reader => Load(reader, identity));
        if (loaded is null)
        {
            // Why not kept: the identity was deleted after it signed the request; nothing would ever drop the entry.
            return Nothing;
        }

        foreach (var unreadable in loaded.Unreadable)
        {
            RamLog.UnreadablePolicy(logger, identity.AccountId, unreadable.AttachedTo, unreadable.Name);
        }

        var policies = loaded.Build();
        caches.Policies.Add(key, policies, [.. loaded.DependsOn], stamp);
        return policies;
    }

    private PolicyCompilation? Load(RamReader reader, Identity identity)
    {
        var record = Find(reader, identity);
        if (record is null)
        {
            return null;
        }

        var compilation = new PolicyCompilation();
        Add(reader, compilation, record.Id, $"{record.Kind}/{record.Name}", record.Version);
        if (identity.Kind == PrincipalKind.User)
        {
            foreach (var group in MembershipTable.GroupsOf(reader, record.Id))
            {
                Add(reader, compilation, group.Id, $"{IdentityKind.Group}/{group.Name}", group.Version);
            }
        }

        return compilation;
    }

    private static IdentityRecord? Find(RamReader reader, Identity identity) => identity.Kind switch
    {
        PrincipalKind.Root => IdentityTable.FindByName(reader, identity.AccountId, IdentityKind.Root, IdentityKind.Root),
        PrincipalKind.User => IdentityTable.FindById(reader, identity.AccountId, IdentityKind.User, EntityId.Parse(identity.Id)),
        PrincipalKind.RoleSession => IdentityTable.FindById(reader, identity.AccountId, IdentityKind.Role, EntityId.Parse(identity.Id)),
        _ => throw new ArgumentException("an identity has a kind", nameof(identity)),
    };

    private void Add(RamReader reader, PolicyCompilation compilation, long holderId, string attachedTo, long version)
    {
        compilation.DependOn(holderId, version);
        foreach (var attachment in AttachmentTable.ListOf(reader, holderId))
        {
            if (attachment.PolicyId is { } policyId)
            {
                var number = attachment.DefaultVersion!.Value;
                compilation.DependOn(policyId, attachment.Version!.Value);
                compilation.Add(
                    Document(reader, policyId, number),
                    new AttachedPolicy(attachment.Name!, PolicyType.Custom, PolicyVersionId.Text(number), attachedTo));
            }
            else
            {
                var system = SystemPolicies.Find(attachment.SystemPolicy!);
                compilation.Add(
                    system?.Document,
                    new AttachedPolicy(attachment.SystemPolicy!, PolicyType.System, system?.Version ?? string.Empty, attachedTo));
            }
        }
    }

    /// <summary>Null when the stored text, which was accepted once, cannot be read by this program.</summary>
    private PolicyDocument? Document(RamReader reader, long policyId, long number)
    {
        if (caches.Documents.TryGet((policyId, number), out var held))
        {
            return held;
        }

        var stored = PolicyVersionTable.Find(reader, policyId, number)
            ?? throw new InvalidOperationException($"version {number} of policy {policyId} is the default but is not stored");
        if (PolicyParser.Parse(stored.Document, PolicyKind.Identity).Document is not { } parsed)
        {
            return null;
        }

        caches.Documents.Add((policyId, number), parsed, [], caches.Documents.Stamp);
        return parsed;
    }
}

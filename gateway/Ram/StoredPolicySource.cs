using System.Collections.Immutable;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram.Caching;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Ram;

/// <summary>
/// The policies of users and roles out of ram.db, compiled once per identity version. The session policy of a role session is
/// the session's own: whoever opens the session lays it over what is found here.
/// </summary>
internal sealed class StoredPolicySource(RamDatabase database, ISystemPolicyCatalogue systemPolicies, RamCaches caches) : IPolicySource
{
    private static readonly IdentityPolicies Nothing = new(0, PolicySet.Empty, []);

    /// <inheritdoc />
    public ValueTask<IdentityPolicies> GetAsync(Identity identity, CancellationToken cancellationToken)
    {
        var key = new IdentityKey(identity.Kind, identity.AccountId, identity.Id);
        if (caches.Policies.TryGet(key, out var held))
        {
            return ValueTask.FromResult(held);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var stamp = caches.Policies.Stamp;
        var loaded = database.Read(reader => Load(reader, identity));
        if (loaded is not { } found)
        {
            // Why not kept: the identity was deleted after it signed the request; nothing would ever drop the entry.
            return ValueTask.FromResult(Nothing);
        }

        caches.Policies.Add(key, found.Policies, found.DependsOn, stamp);
        return ValueTask.FromResult(found.Policies);
    }

    private Loaded? Load(RamReader reader, Identity identity)
    {
        var record = Find(reader, identity);
        if (record is null)
        {
            return null;
        }

        var holders = new List<Holder> { new(record.Id, $"{record.Kind}/{record.Name}", record.Version) };
        if (identity.Kind == PrincipalKind.User)
        {
            holders.AddRange(MembershipTable.GroupsOf(reader, record.Id)
                .Select(group => new Holder(group.Id, $"{IdentityKind.Group}/{group.Name}", group.Version)));
        }

        var compiled = new Compilation(holders);
        foreach (var holder in holders)
        {
            foreach (var attachment in AttachmentTable.ListOf(reader, holder.Id))
            {
                Compile(reader, compiled, holder, attachment);
            }
        }

        return new Loaded(compiled.Build(), [.. compiled.DependsOn]);
    }

    private static IdentityRecord? Find(RamReader reader, Identity identity) => identity.Kind switch
    {
        PrincipalKind.Root => IdentityTable.FindByName(reader, identity.AccountId, IdentityKind.Root, IdentityKind.Root),
        PrincipalKind.User => IdentityTable.FindById(reader, identity.AccountId, IdentityKind.User, EntityId.Parse(identity.Id)),
        PrincipalKind.RoleSession => IdentityTable.FindById(reader, identity.AccountId, IdentityKind.Role, EntityId.Parse(identity.Id)),
        _ => throw new ArgumentException("an identity has a kind", nameof(identity)),
    };

    private void Compile(RamReader reader, Compilation compiled, Holder holder, AttachmentRecord attachment)
    {
        if (attachment.PolicyId is { } policyId)
        {
            var number = attachment.DefaultVersion!.Value;
            compiled.Add(
                Document(reader, policyId, number),
                new AttachedPolicy(attachment.Name!, PolicyType.Custom, PolicyVersionId.Text(number), holder.AttachedTo));
            compiled.DependOn(policyId, attachment.Version!.Value);
            return;
        }

        // Why not skipped when it is unknown: leaving a policy out must never be a silent choice.
        var system = systemPolicies.Find(attachment.SystemPolicy!)
            ?? throw new InvalidOperationException($"the system policy {attachment.SystemPolicy} is attached to {holder.AttachedTo} but this program does not hold it");
        compiled.Add(system.Document, new AttachedPolicy(system.Name, PolicyType.System, system.Version, holder.AttachedTo));
    }

    private PolicyDocument Document(RamReader reader, long policyId, long number)
    {
        if (caches.Documents.TryGet((policyId, number), out var held))
        {
            return held;
        }

        var stored = PolicyVersionTable.Find(reader, policyId, number)
            ?? throw new InvalidOperationException($"version {number} of policy {policyId} is the default but is not stored");
        var parsed = PolicyParser.Parse(stored.Document, PolicyKind.Identity).Document
            ?? throw new InvalidOperationException($"version {number} of policy {policyId} was accepted once and cannot be read any more");
        caches.Documents.Add((policyId, number), parsed, [], caches.Documents.Stamp);
        return parsed;
    }

    private sealed record Holder(long Id, string AttachedTo, long Version);

    private sealed record Loaded(IdentityPolicies Policies, ImmutableArray<long> DependsOn);

    private sealed class Compilation
    {
        private readonly ImmutableArray<PolicyDocument>.Builder documents = ImmutableArray.CreateBuilder<PolicyDocument>();
        private readonly ImmutableArray<AttachedPolicy>.Builder attached = ImmutableArray.CreateBuilder<AttachedPolicy>();
        private long version;

        public Compilation(IEnumerable<Holder> holders)
        {
            foreach (var holder in holders)
            {
                DependOn(holder.Id, holder.Version);
            }
        }

        public HashSet<long> DependsOn { get; } = [];

        public void Add(PolicyDocument document, AttachedPolicy origin)
        {
            documents.Add(document);
            attached.Add(origin);
        }

        public void DependOn(long id, long itsVersion)
        {
            DependsOn.Add(id);
            version = Math.Max(version, itsVersion);
        }

        public IdentityPolicies Build() =>
            new(version, documents.Count == 0 ? PolicySet.Empty : new PolicySet(documents.ToImmutable()), attached.ToImmutable());
    }
}

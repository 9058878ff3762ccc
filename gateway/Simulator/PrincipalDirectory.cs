using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>The principals of an account with the policies that are really attached, from the source of the live path.</summary>
internal sealed class PrincipalDirectory(RamStore store, IPolicySource policies)
{
    /// <summary>The principal; what is unknown and what is foreign is not there, in the same words.</summary>
    public async Task<SimulatedPrincipal> FindAsync(PrincipalName name, Identity caller, CancellationToken cancellationToken)
    {
        // Why: only the caller itself carries the policy of its session.
        var identity = name.Is(caller)
            ? caller
            : Find(name, caller.AccountId) ?? throw NotThere(name);
        return await LoadAsync(name.Text, identity, cancellationToken);
    }

    /// <summary>Root, every user, every role, in this order, each by name.</summary>
    public async Task<ImmutableArray<SimulatedPrincipal>> AllAsync(string account, CancellationToken cancellationToken)
    {
        var identities = store.Database.Read(reader => new[] { IdentityKind.Root, IdentityKind.User, IdentityKind.Role }
            .SelectMany(kind => IdentityTable.Everything(reader, account, kind)).Select(ToIdentity).ToArray());
        var found = ImmutableArray.CreateBuilder<SimulatedPrincipal>(identities.Length);
        foreach (var identity in identities)
        {
            found.Add(await LoadAsync(identity.Arn, identity, cancellationToken));
        }

        return found.MoveToImmutable();
    }

    /// <summary>A cloud product, which has no policies of its own.</summary>
    public static SimulatedPrincipal Service(string host) => new(host, new PolicyPrincipal(PrincipalType.Service, string.Empty, host), []);

    public static PolicyPrincipal ToPrincipal(Identity identity) => identity.Kind switch
    {
        PrincipalKind.Root => new PolicyPrincipal(PrincipalType.Root, identity.AccountId, string.Empty),
        PrincipalKind.User => new PolicyPrincipal(PrincipalType.User, identity.AccountId, identity.Name),
        _ => new PolicyPrincipal(PrincipalType.Role, identity.AccountId, identity.Name),
    };

    private static KmsException NotThere(PrincipalName name) =>
        (name.Kind == PrincipalKind.RoleSession ? GatewayErrors.EntityNotExistRole : GatewayErrors.EntityNotExistUser).With();

    private async Task<SimulatedPrincipal> LoadAsync(string label, Identity identity, CancellationToken cancellationToken)
    {
        var applied = await policies.GetAsync(identity, cancellationToken);
        var named = applied.Attached.Select((attached, index) =>
            new NamedPolicy(attached.Name, attached.Version, attached.AttachedTo, applied.Policies.Identity[index]));
        return new SimulatedPrincipal(label, ToPrincipal(identity), [.. named], applied.Policies) { IsReal = true };
    }

    private Identity? Find(PrincipalName name, string account)
    {
        if (name.Account != account)
        {
            return null;
        }

        var kind = name.Kind switch
        {
            PrincipalKind.Root => IdentityKind.Root,
            PrincipalKind.User => IdentityKind.User,
            _ => IdentityKind.Role,
        };
        var record = store.Database.Read(reader => IdentityTable.FindByName(reader, account, kind, name.Name));
        return record is null ? null : ToIdentity(record);
    }

    private static Identity ToIdentity(IdentityRecord record) => record.Kind switch
    {
        IdentityKind.Root => new Identity(PrincipalKind.Root, record.AccountId, record.AccountId, record.Name),
        IdentityKind.User => new Identity(PrincipalKind.User, record.AccountId, EntityId.Text(record.Id), record.Name),
        _ => new Identity(PrincipalKind.RoleSession, record.AccountId, EntityId.Text(record.Id), record.Name),
    };
}

using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Actions;
using KmsGateway.Gateway.Sts;

namespace KmsGateway.Gateway.Ram;

/// <summary>Every RAM and STS action that is answered here.</summary>
internal static class RamActions
{
    /// <summary>One handler per action, over <paramref name="store"/>.</summary>
    public static IReadOnlyList<IActionHandler> All(RamStore store) =>
    [
        new CreateUser(store), new GetUser(store), new ListUsers(store), new UpdateUser(store), new DeleteUser(store),
        new CreateAccessKey(store), new ListAccessKeys(store), new UpdateAccessKey(store), new DeleteAccessKey(store),
        new GetAccessKeyLastUsed(store), new GetAccountSummary(store),
        new CreateGroup(store), new GetGroup(store), new ListGroups(store), new UpdateGroup(store), new DeleteGroup(store),
        new AddUserToGroup(store), new RemoveUserFromGroup(store), new ListGroupsForUser(store), new ListUsersForGroup(store),
        new CreatePolicy(store), new GetPolicy(store), new ListPolicies(store), new UpdatePolicyDescription(store), new DeletePolicy(store),
        new CreatePolicyVersion(store), new GetPolicyVersion(store), new ListPolicyVersions(store),
        new SetDefaultPolicyVersion(store), new DeletePolicyVersion(store),
        new AttachPolicyToUser(store), new DetachPolicyFromUser(store), new ListPoliciesForUser(store),
        new AttachPolicyToGroup(store), new DetachPolicyFromGroup(store), new ListPoliciesForGroup(store),
        new AttachPolicyToRole(store), new DetachPolicyFromRole(store), new ListPoliciesForRole(store),
        new ListEntitiesForPolicy(store),
        new CreateRole(store), new GetRole(store), new UpdateRole(store), new DeleteRole(store), new ListRoles(store),
        new GetCallerIdentity(),
    ];
}

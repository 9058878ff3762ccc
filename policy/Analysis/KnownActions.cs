using System.Collections.Immutable;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Policy.Analysis;

/// <summary>Permissions that are named in answers where they are in question: those of the key service, RAM and STS.</summary>
internal static class KnownActions
{
    private static readonly string[] Ram =
    [
        "CreateUser", "GetUser", "ListUsers", "UpdateUser", "DeleteUser",
        "CreateAccessKey", "ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey", "CreateLoginProfile", "UpdateLoginProfile",
        "CreateGroup", "GetGroup", "ListGroups", "UpdateGroup", "DeleteGroup", "AddUserToGroup", "RemoveUserFromGroup", "ListGroupsForUser", "ListUsersForGroup",
        "CreatePolicy", "GetPolicy", "ListPolicies", "UpdatePolicyDescription", "DeletePolicy", "CreatePolicyVersion", "GetPolicyVersion", "ListPolicyVersions",
        "SetDefaultPolicyVersion", "DeletePolicyVersion",
        "AttachPolicyToUser", "DetachPolicyFromUser", "AttachPolicyToGroup", "DetachPolicyFromGroup", "AttachPolicyToRole", "DetachPolicyFromRole",
        "ListPoliciesForUser", "ListPoliciesForGroup", "ListPoliciesForRole", "ListEntitiesForPolicy",
        "CreateRole", "GetRole", "UpdateRole", "DeleteRole", "ListRoles", "PassRole",
    ];

    /// <summary>The permissions whose checks carry the tags of a key (R-TAG-2).</summary>
    internal static ImmutableArray<string> TagCarriers { get; } =
        [.. KmsVocabulary.All.SelectMany(action => action.Checks).Select(check => check.Action).Where(SimulatedCall.CarriesTags).Distinct(StringComparer.Ordinal)];

    internal static ImmutableArray<string> All { get; } =
    [
        .. KmsVocabulary.All.SelectMany(action => action.Checks).Select(check => check.Action).Distinct(StringComparer.Ordinal),
        .. Ram.Select(name => $"ram:{name}"),
        "sts:AssumeRole",
    ];
}

using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram;

/// <summary>Finds what a call names, in the caller's own account, or refuses.</summary>
internal static class Lookup
{
    public static IdentityRecord User(RamReader reader, GatewayActionCall call) =>
        Identity(reader, call, IdentityKind.User, "UserName", GatewayErrors.EntityNotExistUser);

    public static IdentityRecord Group(RamReader reader, GatewayActionCall call) =>
        Identity(reader, call, IdentityKind.Group, "GroupName", GatewayErrors.EntityNotExistGroup);

    public static IdentityRecord Role(RamReader reader, GatewayActionCall call) =>
        Identity(reader, call, IdentityKind.Role, "RoleName", GatewayErrors.EntityNotExistRole);

    public static IdentityRecord Identity(RamReader reader, GatewayActionCall call, string kind, string parameter, KmsError notExist) =>
        IdentityTable.FindByName(reader, call.Caller.AccountId, kind, call.Parameters.String(parameter)) ?? throw notExist.With();

    /// <summary>Whose access keys a call is about: the user it names, else the RAM user who calls. Root has to name one.</summary>
    public static IdentityRecord AccessKeyOwner(RamReader reader, GatewayActionCall call)
    {
        if (call.Parameters.OptionalString("UserName") is not null)
        {
            return User(reader, call);
        }

        return call.Caller.Kind == PrincipalKind.User
            ? IdentityTable.FindById(reader, call.Caller.AccountId, IdentityKind.User, EntityId.Parse(call.Caller.Id))
                ?? throw GatewayErrors.EntityNotExistUser.With()
            : throw GatewayErrors.EntityNotExistUser.With();
    }

    public static PolicyRecord CustomPolicy(RamReader reader, GatewayActionCall call) =>
        PolicyTable.Find(reader, call.Caller.AccountId, call.Parameters.String("PolicyName")) ?? throw GatewayErrors.EntityNotExistPolicy.With();

    public static PolicyVersionRecord PolicyVersion(RamReader reader, PolicyRecord policy, GatewayActionCall call) =>
        PolicyVersionTable.Find(reader, policy.Id, PolicyVersionId.Parse(call.Parameters.String("VersionId")))
            ?? throw GatewayErrors.EntityNotExistPolicyVersion.With();
}

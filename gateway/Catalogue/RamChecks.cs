using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Catalogue.Types;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>The ARNs that a RAM or STS call is checked on. Source: ram-sts-api.md, common rules.</summary>
internal static class RamChecks
{
    /// <summary>
    /// One ARN per resource of the entry, all of which must be allowed for <see cref="ActionDescriptor.Permission"/>. The names
    /// have passed <see cref="ParameterValidator.ValidateReferences"/>. Without UserName an access-key call is about the calling
    /// RAM user; any other caller must name one (<c>MissingUserName</c>).
    /// </summary>
    public static ImmutableArray<string> Resources(ActionDescriptor action, ActionParameters references, Identity caller) =>
        [.. action.Resources.Select(resource => Render(action, resource, references, caller))];

    private static string Render(ActionDescriptor action, RamResource resource, ActionParameters references, Identity caller)
    {
        if (resource == RamResource.None)
        {
            return "*";
        }

        if (resource.Parameter is null)
        {
            return Arn(caller.AccountId, resource.Collection, "*");
        }

        var value = references.OptionalString(resource.Parameter);
        if (resource == RamResource.RoleOfArn)
        {
            return RamSyntax.TryReadRoleArn(value!, out var account, out var role)
                ? Arn(account, resource.Collection, role)
                : throw new InvalidOperationException("the role's ARN was validated");
        }

        var owner = resource.MayBeSystem && string.Equals(references.String("PolicyType"), "System", StringComparison.Ordinal)
            ? "system"
            : caller.AccountId;
        return Arn(owner, resource.Collection, value ?? OwnName(action, resource.Parameter, caller));
    }

    private static string OwnName(ActionDescriptor action, string parameter, Identity caller) =>
        caller.Kind == PrincipalKind.User ? caller.Name : throw ParameterErrors.Missing(action.Product, action.Parameter(parameter)!);

    // Why an empty region: RAM has none, and both ways of writing one in a policy (empty, *) cover it (R-RES-6).
    private static string Arn(string account, string collection, string name) => $"acs:ram::{account}:{collection}/{name}";
}

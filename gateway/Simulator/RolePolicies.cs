using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Ram.Storage;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Simulator;

/// <summary>The trust policies of roles, which decide with the caller's own policies on <c>sts:AssumeRole</c> (R-EVAL-11).</summary>
internal sealed class RolePolicies(RamStore store)
{
    public const string AssumeRole = "sts:AssumeRole";

    private const string RolePrefix = "role/";

    /// <summary>The trust policy of the role that <paramref name="resource"/> names; null for other questions and unknown roles.</summary>
    public PolicyDocument? TrustOf(string permission, string resource, string account)
    {
        if (!permission.Equals(AssumeRole, StringComparison.OrdinalIgnoreCase)
            || !Arn.TryParse(resource, out var arn) || arn.Service != "ram" || arn.Account != account || !arn.RelativeId.StartsWith(RolePrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var text = store.Database.Read(reader =>
            IdentityTable.FindByName(reader, account, IdentityKind.Role, arn.RelativeId[RolePrefix.Length..]) is { } role ? RoleTable.Get(reader, role.Id).TrustDocument : null);
        return text is null ? null : Parse(text, arn.RelativeId);
    }

    /// <summary>Every role of the account with its trust policy, by name.</summary>
    public IReadOnlyDictionary<string, PolicyDocument> All(string account) => store.Database.Read(reader =>
        IdentityTable.Everything(reader, account, IdentityKind.Role)
            .ToDictionary(role => role.Name, role => Parse(RoleTable.Get(reader, role.Id).TrustDocument, role.Name), StringComparer.Ordinal));

    /// <summary>The products that a policy of a resource names.</summary>
    public static IEnumerable<string> ServicesOf(PolicyDocument? policy) => (policy?.Statements ?? [])
        .SelectMany(statement => statement.Principals)
        .Where(entry => entry.Kind == PrincipalKind.Service)
        .Select(entry => entry.Text).Distinct(StringComparer.Ordinal);

    public static PolicyDocument Parse(string text, string role) => PolicyParser.Parse(text, PolicyKind.Trust).Document
        ?? throw new InvalidOperationException($"the stored trust policy of {role} does not parse");
}

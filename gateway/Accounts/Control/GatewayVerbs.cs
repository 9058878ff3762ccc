using KmsGateway.Core.Control;
using KmsGateway.Gateway.Custody;
using KmsGateway.Gateway.Seed;

namespace KmsGateway.Gateway.Accounts.Control;

/// <summary>All verbs of this program.</summary>
internal static class GatewayVerbs
{
    public static OperatorVerbs All { get; } = new(AccountVerbs.All().Concat(SeedVerbs.All()).Concat(CustodyVerbs.All()));
}

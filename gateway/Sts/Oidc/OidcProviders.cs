using System.Collections.Frozen;
using KmsGateway.Gateway.Ram;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>The providers that are configured now; a session outlives neither its provider's entry nor the account in it.</summary>
internal sealed class OidcProviders(IEnumerable<OidcProvider> providers, Standings standings)
{
    private readonly FrozenDictionary<string, string> accounts =
        providers.ToFrozenDictionary(provider => provider.Arn, provider => provider.AccountId, StringComparer.Ordinal);

    /// <summary>Whether this provider is configured, and its account there and active.</summary>
    public bool IsActive(string arn) =>
        accounts.TryGetValue(arn, out var account) && standings.Account(account) is { IsAccountActive: true };
}

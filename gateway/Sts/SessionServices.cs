using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Sts.Oidc;
using Microsoft.IdentityModel.Protocols;

namespace KmsGateway.Gateway.Sts;

/// <summary>Registers what issues sessions and recognizes them. The host brings the store and its standings.</summary>
internal static class SessionServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services, StsOptions options)
    {
        AddFederation(services, options);
        services.AddSingleton<SessionTrust>();
        services.AddSingleton<TrustPolicies>();
        services.AddSingleton<SessionIssuer>();
        services.AddSingleton<AssumeRole>();
        services.AddSingleton<IAccessKeySource>(provider => new SessionAccessKeySource(
            provider.GetRequiredService<RamStore>().AccessKeys,
            token => provider.GetRequiredService<GatewayKeys>().SessionsFor(token),
            provider.GetRequiredService<SessionTrust>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static void AddFederation(IServiceCollection services, StsOptions options)
    {
        OidcProvider[] providers = [.. options.OidcProviders.Select(Parse)];
        services.AddSingleton(provider => new OidcProviders(providers, provider.GetRequiredService<Standings>()));
        services.AddSingleton<IDocumentRetriever>(_ => new IssuerDocuments(options.OidcCaFile));
        services.AddSingleton(provider => new OidcTokenCheck(
            providers,
            provider.GetRequiredService<IDocumentRetriever>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OidcTokenCheck>>()));
        services.AddSingleton<FederatedCallRunner>();
    }

    private static OidcProvider Parse(string entry) => OidcProvider.TryParse(entry, out var provider)
        ? provider
        : throw new InvalidOperationException("the settings were validated");
}

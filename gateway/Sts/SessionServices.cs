using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Ram;

namespace KmsGateway.Gateway.Sts;

/// <summary>Registers what issues sessions and recognizes them. The host brings the store and its standings.</summary>
internal static class SessionServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<SessionTrust>();
        services.AddSingleton<TrustPolicies>();
        services.AddSingleton<SessionIssuer>();
        services.AddSingleton<AssumeRole>();
        services.AddSingleton<IAccessKeySource>(provider => new SessionAccessKeySource(
            provider.GetRequiredService<RamStore>().AccessKeys,
            () => provider.GetRequiredService<GatewayKeys>().Sessions,
            provider.GetRequiredService<SessionTrust>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}

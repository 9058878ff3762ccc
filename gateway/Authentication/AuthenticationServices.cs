using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KmsGateway.Gateway.Authentication;

/// <summary>Registers what authenticates requests. The host brings <see cref="IAccessKeySource"/>.</summary>
internal static class AuthenticationServices
{
    public static IServiceCollection AddRequestAuthentication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ReplayOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<NonceWindow>();
        services.AddSingleton<SecurityTokenCheck>();
        services.AddSingleton<RpcSignatureScheme>();
        services.AddSingleton<Acs3SignatureScheme>();
        services.AddSingleton<Principal.SignatureVerifier>();

        // Why: the builder by hand, since AddAuthentication also brings data protection, which makes keys of its own on disk.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<AuthenticationSchemeOptions, RpcSignatureHandler>(RpcSignatureScheme.Name, null)
            .AddScheme<AuthenticationSchemeOptions, Acs3SignatureHandler>(Acs3SignatureScheme.Name, null);
        return services;
    }
}

using KmsGateway.Core.Control;
using KmsGateway.Gateway.Accounts.Control;

namespace KmsGateway.Gateway.Accounts;

/// <summary>What operators' commands need in the service.</summary>
internal static class OperatorServices
{
    public static void AddOperatorServices(this IServiceCollection services)
    {
        services.AddSingleton<AccountAdministration>();
        services.AddSingleton(GatewayVerbs.All);
        services.AddHostedService<ControlSocket>();
    }
}

using KmsGateway.Gateway.Startup;

namespace KmsGateway.Gateway.Hosting;

/// <summary>The parts that make the service, in the order they start.</summary>
internal static class GatewayModules
{
    public static IReadOnlyList<IGatewayModule> Create() => [new ApiModule()];
}

namespace KmsGateway.Gateway.Simulator;

/// <summary>Registers and maps the endpoints below <c>/policy/</c>.</summary>
internal static class SimulatorModule
{
    public static void AddSimulator(this IServiceCollection services)
    {
        services.AddSingleton<SimulatorLimiter>();
        services.AddSingleton<SimulatorPipeline>();
        services.AddSingleton<SimulatorAccess>();
        services.AddSingleton<PrincipalDirectory>();
        services.AddSingleton<RolePolicies>();
        services.AddSingleton<ResourceLookup>();
        services.AddSingleton<KeyDirectory>();
        services.AddSingleton<DiffKeys>();
        services.AddSingleton<StoredVersions>();
        foreach (var endpoint in SimulatorEndpoints.All)
        {
            services.AddSingleton(endpoint.Handler);
        }
    }

    public static void MapSimulator(this WebApplication app)
    {
        foreach (var endpoint in SimulatorEndpoints.All)
        {
            // Why looked up per request: nothing may open the stores before the start sequence does.
            app.MapMethods(endpoint.Path, [endpoint.Method], context =>
                context.RequestServices.GetRequiredService<SimulatorPipeline>().InvokeAsync(context, endpoint));
        }
    }
}

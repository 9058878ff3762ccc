namespace KmsGateway.Gateway.Seed;

/// <summary>What reads seeds and makes them so.</summary>
internal static class SeedServices
{
    public static void AddSeed(this IServiceCollection services)
    {
        services.AddSingleton<SeedCalls>();
        services.AddSingleton<AccountSeedPlan>();
        services.AddSingleton<RamSeedPlan>();
        services.AddSingleton<GrantSeedPlan>();
        services.AddSingleton<KeySeedPlan>();
        services.AddSingleton<Seeder>();
        services.AddSingleton(provider => new Lazy<Seeder>(provider.GetRequiredService<Seeder>));
        services.AddSingleton<SeedAtStart>();
    }
}

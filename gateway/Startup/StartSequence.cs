using KmsGateway.Core.Embedded;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.Health;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Seed;

namespace KmsGateway.Gateway.Startup;

/// <summary>
/// Every start, in the order of decisions.md D4: (lock) → root.key → keys.db → ram.db → account id → ticket key → service key
/// and root access key → root-access-key.json → (CA → listen → ready). The pair that signs tickets is read before the core is
/// built, since the core is handed its public half; it depends on nothing. Every step may be killed and run again.
/// </summary>
internal sealed class StartSequence(
    IServiceProvider services, GatewayOptions options, DataDirectory data, Readiness readiness, ILoggerFactory loggers, TimeProvider clock)
    : IAsyncDisposable
{
    /// <summary>Name of the readiness condition.</summary>
    public const string CoreCondition = "core";

    private EmbeddedCore? core;

    /// <summary>The core in this process, once it was started; null when it is elsewhere.</summary>
    public EmbeddedCore? Core => core;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ProcessHardening.Apply(loggers.CreateLogger(typeof(StartSequence).FullName!));
        services.GetRequiredService<SeedAtStart>().Check();
        readiness.Set(CoreCondition, isOk: false, "the core has not answered yet");
        var ticketKey = services.GetRequiredService<TicketKey>();
        if (options.Core.Address is null)
        {
            core = await EmbeddedCore.StartAsync(
                new EmbeddedCoreOptions
                {
                    DataDirectory = data,
                    Region = options.Region,
                    Id = options.Core.Id,
                    PublicKeysPem = [ticketKey.PublicKeyPem],
                    Quotas = new CoreQuotas
                    {
                        KeysPerRegion = options.Quotas.KeysPerRegion,
                        AliasesPerRegion = options.Quotas.AliasesPerRegion,
                        TagsPerResource = options.Quotas.TagsPerResource,
                        KeyVersionsPerRegion = options.Quotas.KeyVersionsPerRegion,
                        AsymmetricVersionsPerRegion = options.Quotas.AsymmetricVersionsPerRegion,
                        AsymmetricVersionIntervalDays = options.Quotas.AsymmetricVersionIntervalDays,
                        DeletionWindowDays = options.Quotas.DeletionWindowDays,
                    },
                },
                loggers, clock, cancellationToken);
            services.GetRequiredService<EmbeddedDestination>().Connect(core.Handler);
        }

        var store = services.GetRequiredService<RamStore>();
        await store.EnsureAccountAsync(options.Bootstrap.AccountId, cancellationToken);

        // Why now: composing the pipeline proves that catalogue and handlers agree, before anything listens.
        _ = services.GetRequiredService<CallPipeline>();

        // Why now: stamps older than this window are refused, and requests may be signed as soon as the server listens.
        _ = services.GetRequiredService<NonceWindow>();
        if (core is not null)
        {
            await services.GetRequiredService<FirstStart>().RunAsync(cancellationToken);
            readiness.Set(CoreCondition, isOk: true);
        }
    }

    public ValueTask DisposeAsync() => core?.DisposeAsync() ?? ValueTask.CompletedTask;
}

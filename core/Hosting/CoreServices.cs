using System.Runtime.Versioning;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Crypto.Import;
using KmsGateway.Core.Crypto.KeyPairs;
using KmsGateway.Core.Crypto.Software;
using KmsGateway.Core.Http;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Rewrap;
using KmsGateway.Core.Storage;
using KmsGateway.Core.Tickets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Core.Hosting;

/// <summary>What a core is made of. Standalone and embedded cores are composed here and nowhere else.</summary>
internal static class CoreServices
{
    [UnsupportedOSPlatform("windows")]
    public static void AddKmsCore(this IServiceCollection services, CoreSetup setup)
    {
        var (sealing, store) = KeyHierarchy.Open(setup.DataDirectory, setup.Clock);
        services.AddSingleton(_ => sealing);
        services.AddSingleton<IKeyStore>(_ => store);
        services.AddSingleton(setup.Clock);
        services.AddSingleton(setup.Quotas);
        services.AddSingleton(setup.Identity);
        services.AddOperations();
        services.AddAdministration(setup.DataDirectory);
        services.AddSingleton<ResolveEndpoint>();
        services.AddSingleton<CoreEndpoints>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduledWork>());
        AddTickets(services, setup);
    }

    /// <summary>The operations, scheduled work, and all they are made of, over a store, a root, a clock, quotas and an identity that are there already.</summary>
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddSingleton(provider => new CryptoProviders(new SoftwareProvider(provider.GetRequiredService<Sealing>())));
        services.AddSingleton(provider => new LiveKeys(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<VersionKeys>();
        services.AddSingleton<CertificateKeys>();
        services.AddSingleton<MessageLimit>();
        services.AddSingleton<SymmetricCryptography>();
        services.AddSingleton<MacCryptography>();
        services.AddSingleton<PairGeneration>();
        services.AddSingleton<KeyVersions>();
        services.AddSingleton<ImportedMaterial>();
        services.AddSingleton<ImportKeys>();
        services.AddSingleton<WrappingPairs>();
        services.AddSingleton<KeyFactory>();
        services.AddSingleton<DataKeys>();
        services.AddSingleton<CoreMetrics>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<OperationCatalogue>();
        services.AddSingleton<ScheduledWork>();
        foreach (var operation in typeof(IOperation).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IOperation))))
        {
            services.AddSingleton(typeof(IOperation), operation);
        }
    }

    /// <summary>What operators' commands need of a core.</summary>
    public static void AddAdministration(this IServiceCollection services, DataDirectory data)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Rewrapping>(provider, data));
        services.AddSingleton(provider => new CoreAdministration(
            provider.GetRequiredService<IKeyStore>(), provider.GetRequiredService<Sealing>(), provider.GetRequiredService<Rewrapping>(), data));
    }

    public static void MapKmsCore(this WebApplication application)
    {
        // Why: these two hold what must be zeroed and closed even when no request ever asked for them.
        _ = application.Services.GetRequiredService<Sealing>();
        _ = application.Services.GetRequiredService<IKeyStore>();
        if (RawRsa.Fault is { } fault)
        {
            Log.NoPkcs1Import(application.Logger, fault);
        }

        application.UseRouting();
        application.UseAuthentication();
        application.UseAuthorization();
        application.Services.GetRequiredService<CoreEndpoints>().Map(application);
        application.MapFallback(Answers.WriteNoSuchPath).AllowAnonymous();
    }

    private static void AddTickets(IServiceCollection services, CoreSetup setup)
    {
        services.AddSingleton(provider => new TicketVerifier(
            setup.TicketKeys, setup.Identity.Id, provider.GetRequiredService<TimeProvider>()));
        // Why: AddAuthentication and AddJwtBearer bring data protection along, which writes keys into the home directory.
        services.AddAuthenticationCore(options => options.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
        services.AddWebEncoders();
        new AuthenticationBuilder(services)
            .AddScheme<JwtBearerOptions, JwtBearerHandler>(JwtBearerDefaults.AuthenticationScheme, configureOptions: null);
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TicketVerifier, CoreMetrics, ILogger<TicketVerifier>>(Accept);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static void Accept(JwtBearerOptions options, TicketVerifier verifier, CoreMetrics metrics, ILogger<TicketVerifier> logger)
    {
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(verifier);
        options.MapInboundClaims = false;
        options.IncludeErrorDetails = false;
        options.Events = new JwtBearerEvents
        {
            OnAuthenticationFailed = context =>
            {
                var reason = (context.Exception as TicketRefusedException)?.Refusal ?? TicketRefusal.Malformed;
                metrics.TicketRefused(reason.ToString());
                Log.TicketRefused(logger, CoreEndpoints.RequestId(context.HttpContext), reason.ToString());
                return Task.CompletedTask;
            },
            OnChallenge = context =>
            {
                context.HandleResponse();
                Answers.WriteUnauthenticated(context.Response);
                return Task.CompletedTask;
            },
        };
    }
}

/// <summary>What a core needs to be told.</summary>
internal sealed record CoreSetup(
    DataDirectory DataDirectory, CoreIdentity Identity, CoreQuotas Quotas, IReadOnlyList<SecurityKey> TicketKeys, TimeProvider Clock);

using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>
/// The public keys of one issuer, by discovery and JWKS. Why not ConfigurationManager: it lives by the system's clock and
/// has no answer for the first token after a rotation but the old keys. One fetch runs at a time, in nobody's name: a caller
/// that leaves does not end it.
/// </summary>
internal sealed partial class IssuerKeys(OidcProvider provider, IDocumentRetriever documents, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>Keys are asked for again after this.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <summary>An issuer that does not answer is believed this long by what it said last.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    /// <summary>The issuer is let alone this long after a fetch ended: anybody can make tokens under unknown keys.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>How long a fetch of both documents may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ProviderDocuments documents = new(provider, documents);
    private readonly CancellationTokenSource life = new();
    private readonly Lock gate = new();
    private Task running = Task.CompletedTask;
    private DateTimeOffset ended = DateTimeOffset.MinValue;
    private volatile Fetched? last;
    private volatile Exception? fault;

    /// <summary>The keys as they are held, while old ones are fetched again; waits for the fetch when there are none.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer does not answer, and has not for a day.</exception>
    public async ValueTask<ICollection<SecurityKey>> GetAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (last is not { } held || now - held.At >= MaxAge)
        {
            return await RefreshAsync(cancellationToken);
        }

        if (now - held.At >= Age)
        {
            _ = Fetch();
        }

        return held.Keys;
    }

    /// <summary>The keys after the issuer was asked again; the same ones when it was asked a moment ago.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer does not answer, and has not for a day.</exception>
    public async ValueTask<ICollection<SecurityKey>> RefreshAsync(CancellationToken cancellationToken)
    {
        await Fetch().WaitAsync(cancellationToken);
        return last is { } held && clock.GetUtcNow() - held.At < MaxAge
            ? held.Keys
            : throw new IssuerUnavailableException($"the keys of {provider.Issuer} cannot be had", fault);
    }

    public void Dispose()
    {
        life.Cancel();
        life.Dispose();
    }

    /// <summary>The fetch that runs, or a new one unless one ended a moment ago. It never fails: what it found is kept.</summary>
    private Task Fetch()
    {
        lock (gate)
        {
            if (running.IsCompleted && clock.GetUtcNow() - ended >= Pause)
            {
                running = FetchAsync(life.Token);
            }

            return running;
        }
    }

    private async Task FetchAsync(CancellationToken over)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, over);
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(provider.MetadataAddress, documents, either.Token);
            last = string.Equals(configuration.Issuer, provider.Issuer, StringComparison.Ordinal)
                ? new Fetched(configuration.SigningKeys, clock.GetUtcNow())
                : throw new IssuerUnavailableException($"{provider.MetadataAddress} speaks for another issuer");
            fault = null;
        }
        catch (Exception exception)
        {
            // Why all of them: nobody may be waiting, and whatever it was, the keys held stay in force until they are too old.
            fault = exception;
            Log.NotFetched(logger, provider.Issuer, exception.Message);
        }
        finally
        {
            lock (gate)
            {
                ended = clock.GetUtcNow();
            }
        }
    }

    private sealed record Fetched(ICollection<SecurityKey> Keys, DateTimeOffset At);

    private static partial class Log
    {
        [LoggerMessage(7002, LogLevel.Warning, "the keys of {Issuer} were not fetched: {Cause}")]
        public static partial void NotFetched(ILogger logger, string issuer, string cause);
    }
}

/// <summary>An issuer's keys cannot be had; the caller is told 503, the log why.</summary>
internal sealed class IssuerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

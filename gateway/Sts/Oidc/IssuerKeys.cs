using System.Text.Json;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Gateway.Sts.Oidc;

/// <summary>
/// The public keys of one issuer, by discovery and JWKS. Why not ConfigurationManager: it lives by the system's clock and
/// answers with the old keys while it fetches new ones, so that the first token after a rotation would be refused.
/// </summary>
internal sealed class IssuerKeys(OidcProvider provider, IDocumentRetriever documents, TimeProvider clock) : IDisposable
{
    /// <summary>Keys are asked for again after this.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    /// <summary>An issuer that does not answer is believed this long by what it said last.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    /// <summary>Tokens under unknown keys make the issuer be asked at most this often: anybody can make such tokens.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile Fetched? last;
    private DateTimeOffset asked = DateTimeOffset.MinValue;

    /// <summary>The keys as they are held, fetched when there are none or they are old.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer does not answer, and has not for a day.</exception>
    public async ValueTask<ICollection<SecurityKey>> GetAsync(CancellationToken cancellationToken)
    {
        var held = last;
        return held is not null && clock.GetUtcNow() - held.At < Age
            ? held.Keys
            : await FetchAsync(held, cancellationToken);
    }

    /// <summary>The keys after the issuer was asked again; the same ones when it was asked a moment ago.</summary>
    /// <exception cref="IssuerUnavailableException">The issuer does not answer, and has not for a day.</exception>
    public async ValueTask<ICollection<SecurityKey>> RefreshAsync(CancellationToken cancellationToken) =>
        await FetchAsync(last, cancellationToken);

    public void Dispose() => gate.Dispose();

    private async Task<ICollection<SecurityKey>> FetchAsync(Fetched? seen, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (!ReferenceEquals(last, seen) || now - asked < Pause)
            {
                return Held(now);
            }

            asked = now;
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(provider.MetadataAddress, documents, cancellationToken);
            last = string.Equals(configuration.Issuer, provider.Issuer, StringComparison.Ordinal)
                ? new Fetched(configuration.SigningKeys, now)
                : throw new IssuerUnavailableException($"{provider.MetadataAddress} speaks for another issuer");
            return last.Keys;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or HttpRequestException or ArgumentException or JsonException)
        {
            return Held(clock.GetUtcNow(), exception);
        }
        finally
        {
            gate.Release();
        }
    }

    private ICollection<SecurityKey> Held(DateTimeOffset now, Exception? cause = null) =>
        last is { } held && now - held.At < MaxAge
            ? held.Keys
            : throw new IssuerUnavailableException($"the keys of {provider.Issuer} cannot be had", cause);

    private sealed record Fetched(ICollection<SecurityKey> Keys, DateTimeOffset At);
}

/// <summary>An issuer's keys cannot be had; the caller is told 503, the log why.</summary>
internal sealed class IssuerUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

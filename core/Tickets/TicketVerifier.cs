using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Core.Tickets;

/// <summary>
/// Refuses what the gateway did not mint for this core, now. A token that was verified once is known by its SHA-256 until it
/// ends. What the ticket is for (action, resources) is compared with each request by the operations. Source: decisions.md D2.
/// </summary>
internal sealed class TicketVerifier : TokenHandler
{
    /// <summary>By how much the clocks of gateway and core may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private const int KnownTokens = 10_000;
    private const int MaxTokenCharacters = 16 * 1024;

    private readonly JsonWebTokenHandler tokens = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxTokenCharacters };
    private readonly TokenValidationParameters parameters;
    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<TokenHash, TicketIdentity> known = new();

    public TicketVerifier(IEnumerable<SecurityKey> keys, string audience, TimeProvider clock)
    {
        this.clock = clock;
        parameters = new TokenValidationParameters
        {
            RequireSignedTokens = true,
            IssuerSigningKeys = [.. keys],
            ValidateIssuer = true,
            ValidIssuer = Ticket.Issuer,
            ValidateAudience = true,
            ValidAudience = audience,
            // Why: times are checked against the injected clock by TicketClaims.
            ValidateLifetime = false,
            ClockSkew = Skew,
        };
    }

    public override SecurityToken ReadToken(string token) => new JsonWebToken(token);

    public override Task<TokenValidationResult> ValidateTokenAsync(SecurityToken token, TokenValidationParameters validationParameters) =>
        throw new NotSupportedException("Tickets are verified from their text.");

    /// <param name="token">The text behind <c>Bearer</c>.</param>
    /// <param name="validationParameters">Not used: what is accepted is fixed here.</param>
    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        try
        {
            var identity = await VerifyAsync(token);
            return new TokenValidationResult { IsValid = true, ClaimsIdentity = identity, SecurityToken = identity.Token };
        }
        catch (TicketRefusedException refused)
        {
            return new TokenValidationResult { IsValid = false, Exception = refused };
        }
    }

    private async ValueTask<TicketIdentity> VerifyAsync(string token)
    {
        if (token.Length > MaxTokenCharacters)
        {
            throw new TicketRefusedException(TicketRefusal.Malformed);
        }

        var now = clock.GetUtcNow();
        var hash = TokenHash.Of(token);
        if (known.TryGetValue(hash, out var identity) && now <= identity.Expiry + Skew)
        {
            return identity;
        }

        var verified = await VerifySignatureAsync(Read(token));
        var (ticket, expiry) = TicketClaims.Read(verified.EncodedPayload, now);
        identity = new TicketIdentity(ticket, expiry, verified);
        Remember(hash, identity, now);
        return identity;
    }

    private static JsonWebToken Read(string token)
    {
        try
        {
            var read = new JsonWebToken(token);
            // Why: here and not among the parameters, whose list of algorithms is tried key by key and tells no reason.
            return read.Alg == Ticket.Algorithm ? read : throw new TicketRefusedException(TicketRefusal.Algorithm);
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenMalformedException)
        {
            throw new TicketRefusedException(TicketRefusal.Malformed);
        }
    }

    private static TicketRefusal Reason(Exception exception) => exception switch
    {
        SecurityTokenInvalidIssuerException => TicketRefusal.Issuer,
        SecurityTokenInvalidAudienceException => TicketRefusal.Audience,
        SecurityTokenInvalidSignatureException => TicketRefusal.Signature,
        _ => TicketRefusal.Malformed,
    };

    private async ValueTask<JsonWebToken> VerifySignatureAsync(JsonWebToken token)
    {
        var result = await tokens.ValidateTokenAsync(token, parameters);
        return result.IsValid ? token : throw new TicketRefusedException(Reason(result.Exception));
    }

    private void Remember(TokenHash hash, TicketIdentity identity, DateTimeOffset now)
    {
        if (known.Count >= KnownTokens)
        {
            foreach (var (other, ended) in known)
            {
                if (now > ended.Expiry + Skew)
                {
                    _ = known.TryRemove(other, out _);
                }
            }

            if (known.Count >= KnownTokens)
            {
                known.Clear();
            }
        }

        known[hash] = identity;
    }

    private readonly record struct TokenHash(UInt128 High, UInt128 Low)
    {
        public static TokenHash Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            Span<byte> bytes = token.Length <= 2048 ? stackalloc byte[Encoding.UTF8.GetMaxByteCount(2048)] : new byte[Encoding.UTF8.GetMaxByteCount(token.Length)];
            var length = Encoding.UTF8.GetBytes(token, bytes);
            _ = SHA256.HashData(bytes[..length], hash);
            return new TokenHash(BitConverter.ToUInt128(hash), BitConverter.ToUInt128(hash[16..]));
        }
    }
}

/// <summary>Who holds a verified ticket.</summary>
internal sealed class TicketIdentity(Ticket ticket, DateTimeOffset expiry, SecurityToken token) : ClaimsIdentity("Ticket")
{
    public Ticket Ticket { get; } = ticket;

    public DateTimeOffset Expiry { get; } = expiry;

    public SecurityToken Token { get; } = token;
}

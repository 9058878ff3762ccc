using System.Text.Json;
using KmsGateway.Core.Contract;
using Microsoft.IdentityModel.Tokens;

namespace KmsGateway.Core.Tickets;

/// <summary>Reads the claims of a token whose signature, issuer and audience hold. Every claim is wanted; types are strict.</summary>
internal sealed class TicketClaims
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private readonly JsonElement payload;

    private TicketClaims(JsonElement payload) => this.payload = payload;

    public static (Ticket Ticket, DateTimeOffset Expiry) Read(string encodedPayload, DateTimeOffset now)
    {
        using var document = Parse(encodedPayload);
        var claims = new TicketClaims(document.RootElement);
        var expiry = claims.Expiry(now);
        _ = claims.Text("jti", TicketRefusal.NoId);
        var subject = claims.Text("sub", TicketRefusal.NoSubject);
        var account = claims.Text(Ticket.AccountClaim, TicketRefusal.NoAccount);
        var action = claims.Text(Ticket.ActionClaim, TicketRefusal.NoAction);
        var ticket = new Ticket(account, subject, action, claims.Resources()) { Owners = claims.Owners() };
        TicketAgreement.Require(ticket);
        return (ticket, expiry);
    }

    private static JsonDocument Parse(string encodedPayload)
    {
        try
        {
            return JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encodedPayload), Strict);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new TicketRefusedException(TicketRefusal.Malformed);
        }
    }

    private DateTimeOffset Expiry(DateTimeOffset now)
    {
        if (!payload.TryGetProperty("exp", out var claim) || claim.ValueKind != JsonValueKind.Number || !claim.TryGetInt64(out var seconds))
        {
            throw new TicketRefusedException(TicketRefusal.NoExpiry);
        }

        var left = seconds - now.ToUnixTimeMilliseconds() / 1000.0;
        if (left < -TicketVerifier.Skew.TotalSeconds)
        {
            throw new TicketRefusedException(TicketRefusal.Expired);
        }

        return left > (Ticket.Life + TicketVerifier.Skew).TotalSeconds
            ? throw new TicketRefusedException(TicketRefusal.LivesTooLong)
            : DateTimeOffset.FromUnixTimeSeconds(seconds);
    }

    private string Text(string name, TicketRefusal otherwise) =>
        payload.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String && claim.GetString() is { Length: > 0 } text
            ? text
            : throw new TicketRefusedException(otherwise);

    private string[] Owners()
    {
        if (!payload.TryGetProperty(Ticket.OwnersClaim, out var claim))
        {
            return [];
        }

        return claim.ValueKind == JsonValueKind.Array && claim.EnumerateArray().All(owner => owner.ValueKind == JsonValueKind.String)
            ? [.. claim.EnumerateArray().Select(owner => owner.GetString()!)]
            : throw new TicketRefusedException(TicketRefusal.Owners);
    }

    private TicketResource[] Resources()
    {
        if (!payload.TryGetProperty(Ticket.ResourcesClaim, out var claim) || claim.ValueKind != JsonValueKind.Array)
        {
            throw new TicketRefusedException(TicketRefusal.Resources);
        }

        return [.. claim.EnumerateArray().Select(Resource)];
    }

    private static TicketResource Resource(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("arn", out var arn) && arn.ValueKind == JsonValueKind.String
        && item.TryGetProperty("mv", out var mv) && mv.ValueKind == JsonValueKind.Number && mv.TryGetInt64(out var metadataVersion)
        && item.TryGetProperty("ag", out var ag) && ag.ValueKind == JsonValueKind.Number && ag.TryGetInt64(out var aliasGeneration)
            ? new TicketResource(arn.GetString()!, metadataVersion, aliasGeneration)
            : throw new TicketRefusedException(TicketRefusal.Resources);
}

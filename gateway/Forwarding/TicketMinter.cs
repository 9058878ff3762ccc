using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KmsGateway.Core.Contract;
using Microsoft.IdentityModel.JsonWebTokens;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>
/// Signs tickets, and hands the same signed ticket out again while it lives: for the same principal, identity version,
/// action and resource versions only. The decision behind it is made anew for every request. Source: decisions.md D2.
/// </summary>
internal sealed class TicketMinter(TicketKey key, TimeProvider clock, string audience)
{
    private const int MaxCached = 20_000;

    /// <summary>A ticket is not handed out again in its last seconds, so that it outlives the hop to the core.</summary>
    private static readonly TimeSpan ReuseMargin = TimeSpan.FromSeconds(15);

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };
    private ConcurrentDictionary<Reusable, Signed> cache = new();

    /// <summary>A signed ticket with at least <see cref="ReuseMargin"/> left to live.</summary>
    public string Mint(Ticket ticket, long identityVersion)
    {
        var now = clock.GetUtcNow();
        var reusable = new Reusable(ticket, identityVersion);
        if (cache.TryGetValue(reusable, out var signed) && signed.ReuseUntil > now)
        {
            return signed.Token;
        }

        if (cache.Count >= MaxCached)
        {
            // Why: everything in it can be minted again; emptying costs a signature per live combination, forgetting nothing.
            Interlocked.Exchange(ref cache, new ConcurrentDictionary<Reusable, Signed>());
        }

        var token = Sign(ticket, now);
        cache[reusable] = new Signed(token, now + Ticket.Life - ReuseMargin);
        return token;
    }

    private string Sign(Ticket ticket, DateTimeOffset now)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("iss", Ticket.Issuer);
            writer.WriteString("aud", audience);
            writer.WriteString("sub", ticket.Subject);
            writer.WriteString(Ticket.AccountClaim, ticket.Account);
            writer.WriteString(Ticket.ActionClaim, ticket.Action);
            WriteOwners(writer, ticket.Owners);
            WriteResources(writer, ticket.Resources);
            writer.WriteNumber("iat", now.ToUnixTimeSeconds());
            writer.WriteNumber("nbf", now.ToUnixTimeSeconds());
            writer.WriteNumber("exp", (now + Ticket.Life).ToUnixTimeSeconds());
            writer.WriteString("jti", Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
            writer.WriteEndObject();
        }

        return handler.CreateToken(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length), key.Credentials);
    }

    private static void WriteOwners(Utf8JsonWriter writer, IReadOnlyList<string> owners)
    {
        if (owners.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(Ticket.OwnersClaim);
        foreach (var owner in owners)
        {
            writer.WriteStringValue(owner);
        }

        writer.WriteEndArray();
    }

    private static void WriteResources(Utf8JsonWriter writer, IReadOnlyList<TicketResource> resources)
    {
        writer.WriteStartArray(Ticket.ResourcesClaim);
        foreach (var resource in resources)
        {
            writer.WriteStartObject();
            writer.WriteString("arn", resource.Arn);
            writer.WriteNumber("mv", resource.MetadataVersion);
            writer.WriteNumber("ag", resource.AliasGeneration);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private sealed record Signed(string Token, DateTimeOffset ReuseUntil);

    /// <summary>What two requests must have in common to share a token: everything the ticket says, and the identity version.</summary>
    private readonly struct Reusable(Ticket ticket, long identityVersion) : IEquatable<Reusable>
    {
        private readonly Ticket ticket = ticket;
        private readonly long identityVersion = identityVersion;

        public bool Equals(Reusable other) =>
            identityVersion == other.identityVersion
            && string.Equals(ticket.Action, other.ticket.Action, StringComparison.Ordinal)
            && string.Equals(ticket.Subject, other.ticket.Subject, StringComparison.Ordinal)
            && string.Equals(ticket.Account, other.ticket.Account, StringComparison.Ordinal)
            && ticket.Owners.SequenceEqual(other.ticket.Owners, StringComparer.Ordinal)
            && ticket.Resources.SequenceEqual(other.ticket.Resources);

        public override bool Equals(object? obj) => obj is Reusable other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(identityVersion);
            hash.Add(ticket.Action, StringComparer.Ordinal);
            hash.Add(ticket.Subject, StringComparer.Ordinal);
            foreach (var resource in ticket.Resources)
            {
                hash.Add(resource);
            }

            return hash.ToHashCode();
        }
    }
}

using KmsGateway.Core.Contract;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Core.Tickets;

/// <summary>
/// Whether the claims of one ticket agree with each other: every resource is of the account, but for keys of the other owners
/// that the ticket names, and those only a principal of the account may reach. A ticket that contradicts itself is none.
/// Source: decisions.md D2.
/// </summary>
internal static class TicketAgreement
{
    private const string KeyPrefix = "key/";

    public static void Require(Ticket ticket)
    {
        var foreign = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in ticket.Resources)
        {
            if (!Arn.TryParse(resource.Arn, out var arn) || (arn.Account != ticket.Account && !ticket.Owners.Contains(arn.Account, StringComparer.Ordinal)))
            {
                throw new TicketRefusedException(TicketRefusal.ForeignResource);
            }

            if (arn.Account != ticket.Account)
            {
                RequireKey(resource, arn);
                _ = foreign.Add(arn.Account);
            }
        }

        // Why equal and not contained: an owner that owns nothing here, one named twice, or the account itself, is a mistake somewhere.
        if (foreign.Count != ticket.Owners.Count)
        {
            throw new TicketRefusedException(TicketRefusal.Owners);
        }

        if (foreign.Count > 0 && !IsSubjectOf(ticket))
        {
            throw new TicketRefusedException(TicketRefusal.ForeignSubject);
        }
    }

    private static bool IsSubjectOf(Ticket ticket) =>
        Arn.TryParse(ticket.Subject, out var subject) && subject.Service == "ram" && subject.Account == ticket.Account;

    /// <summary>A foreign resource is a key that existed, by its own name: a key policy was read, so there is a version.</summary>
    private static void RequireKey(TicketResource resource, Arn arn)
    {
        if (arn.Service != "kms" || !arn.RelativeId.StartsWith(KeyPrefix, StringComparison.Ordinal) || resource is not { MetadataVersion: > 0, AliasGeneration: 0 })
        {
            throw new TicketRefusedException(TicketRefusal.Owners);
        }
    }
}

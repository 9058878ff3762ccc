using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Operations;

/// <summary>
/// What the core itself insists on when a ticket leads to keys of another account, whatever the gateway decided: a call of key
/// users, and a key with a policy that speaks of the caller's account. Source: ram-policy.md R-EVAL-9.
/// </summary>
internal static class ForeignKeys
{
    /// <exception cref="TicketMismatchException">The operation is for the owner's account only.</exception>
    public static void RequireForKeyUsers(OperationSpec spec, Ticket ticket)
    {
        if (ticket.Owners.Count > 0 && (spec.Kind == OperationKind.Mutating || !spec.IsForKeyUsers))
        {
            throw new TicketMismatchException("the operation is not for key users");
        }
    }

    /// <exception cref="TicketMismatchException">A key of another account has no policy that could let the caller in.</exception>
    public static void RequirePolicies(IReadOnlyList<Resolved> references, string account)
    {
        if (references.Any(reference => reference.Key is { } key && key.Account != account && !KeyPolicyText.SpeaksOf(key, account)))
        {
            throw new TicketMismatchException("no policy of a foreign key speaks of the account");
        }
    }
}

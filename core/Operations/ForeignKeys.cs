using KmsGateway.Core.Contract;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Core.Operations;

/// <summary>
/// What the core itself insists on when a ticket leads to keys of another account, whatever the gateway decided: a call of key
/// users, and a key whose owner gave it a policy. Source: ram-policy.md R-EVAL-9.
/// </summary>
internal static class ForeignKeys
{
    /// <exception cref="TicketMismatchException">The operation is for the owner's account only.</exception>
    public static void RequireForKeyUsers(OperationSpec spec, Ticket ticket)
    {
        if (ticket.Owners.Count > 0 && (spec.Kind == OperationKind.Mutating || KmsVocabulary.Find(spec.Action) is not { IsForKeyUsers: true }))
        {
            throw new TicketMismatchException("the operation is not for key users");
        }
    }

    /// <exception cref="TicketMismatchException">A key of another account has no policy that could let anybody in.</exception>
    public static void RequirePolicies(IReadOnlyList<Resolved> references, string account)
    {
        if (references.Any(reference => reference.Key is { KeyPolicy: null } key && key.Account != account))
        {
            throw new TicketMismatchException("a foreign key has no policy");
        }
    }
}

using KmsGateway.Core.Certificates;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Crypto;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>
/// The one order in which every operation runs: ticket, references, stale check, existence, managed mark, state, usage,
/// body, persistence. For a mutating operation all of it happens inside its transaction, so that nothing can change between
/// a check and the write.
/// </summary>
internal sealed class OperationRunner(IKeyStore store, CoreIdentity identity, TimeProvider clock, Sealing sealing)
{
    private const string Silent = "This operation is forbidden by permission system.";

    public async ValueTask<OperationResult> RunAsync(IOperation operation, Ticket ticket, OperationInput input)
    {
        if (ticket.Action != operation.Spec.TicketAction)
        {
            throw new TicketMismatchException("the action differs");
        }

        // Why: what is sealed in a preparation is stored only later, under an epoch that must be there still.
        using var use = operation is IPreparedOperation ? sealing.Uses.Begin() : null;
        var prepared = operation is IPreparedOperation slow ? await PrepareAsync(slow, ticket, input) : null;
        using var release = prepared as IDisposable;
        var call = NewCall(ticket, input, prepared);
        return operation.Spec.Kind == OperationKind.Mutating
            ? await store.WriteAsync(transaction => Run(operation, call, transaction))
            : Run(operation, call, store);
    }

    private ValueTask<object?> PrepareAsync(IPreparedOperation operation, Ticket ticket, OperationInput input)
    {
        var call = NewCall(ticket, input, null);
        Begin(operation.Spec, call, store);
        return operation.PrepareAsync(call);
    }

    private OperationCall NewCall(Ticket ticket, OperationInput input, object? prepared) =>
        new(ticket, input, identity.Region, clock.GetUtcNow()) { Prepared = prepared };

    private static OperationResult Run(IOperation operation, OperationCall call, IKeyView view)
    {
        Begin(operation.Spec, call, view);
        return operation.Execute(call);
    }

    /// <summary>Everything that is checked before a body.</summary>
    private static void Begin(OperationSpec spec, OperationCall call, IKeyView view)
    {
        ForeignKeys.RequireForKeyUsers(spec, call.Ticket);
        var resolver = new ReferenceResolver(view, call.Ticket.Account, call.Region, call.Now, call.Ticket.Owners);
        var references = resolver.ResolveAll(spec.References, call.Input);
        TicketCheck.Require(references, call.Ticket.Resources, resolver);
        ForeignKeys.RequirePolicies(references, call.Ticket.Account);
        call.Begin(view, references);
        foreach (var reference in references)
        {
            RequireExistence(reference);
        }

        foreach (var reference in references)
        {
            RequireKey(spec, call.Ticket, reference);
            RequireCertificate(spec, reference);
        }
    }

    private static void RequireExistence(Resolved reference)
    {
        if (reference.Missing is { } missing)
        {
            throw missing.With();
        }
    }

    private static void RequireKey(OperationSpec spec, Ticket ticket, Resolved reference)
    {
        if (reference.Key is not { } key)
        {
            return;
        }

        if (key.ManagedBy is { } product)
        {
            RequireOwner(spec, ticket, reference, Ticket.ServiceSubject(key.Account, product));
        }

        if (reference.Spec.StateMatters && KeyStateTable.Refusal(spec.Action, key.State) is { } refusal)
        {
            throw refusal.With();
        }

        var kind = KeySpec.All[key.Spec].Kind;
        if (spec.Kind == OperationKind.Cryptographic && kind != spec.Uses && !(kind == KeyKind.Pair && reference.Spec.MayBePair))
        {
            throw WrongKind(spec);
        }
    }

    private static void RequireCertificate(OperationSpec spec, Resolved reference)
    {
        if (reference.Certificate is { } certificate && CertificateStatusTable.Refusal(spec.Action, certificate.Status) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>A symmetric call on another key is "not supported" whatever its usage, any other call is "rejected" (kms-api.md section 6).</summary>
    private static KmsException WrongKind(OperationSpec spec) =>
        (spec.Uses == KeyKind.Symmetric ? KmsErrors.UnsupportedOperation : KmsErrors.RejectedUnsupportedOperation).With();

    /// <summary>Service-managed keys: nobody changes them, only their product uses them (audit-and-service-keys.md part B).</summary>
    private static void RequireOwner(OperationSpec spec, Ticket ticket, Resolved reference, string owner)
    {
        if (spec.Kind == OperationKind.Mutating)
        {
            throw KmsErrors.RejectedUnsupportedOperation.With();
        }

        if (spec.Kind == OperationKind.Cryptographic && ticket.Subject != owner)
        {
            throw reference.Spec.Target == ReferenceTarget.CiphertextKey
                ? KmsErrors.NoPermission.Because(Silent)
                : KmsErrors.NoPermission.With(reference.Arn);
        }
    }
}

/// <summary>Where this core stands: its region, and the name by which tickets address it.</summary>
/// <param name="Region">Region of every key made here.</param>
/// <param name="Id">Claim <c>aud</c> of its tickets.</param>
internal sealed record CoreIdentity(string Region, string Id);

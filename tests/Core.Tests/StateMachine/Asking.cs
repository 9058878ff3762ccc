using KmsGateway.Core.Contract;
using KmsGateway.Core.Operations;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>What a gateway does before it asks a core.</summary>
internal static class Asking
{
    /// <summary>A ticket of somebody who may do it: of the product itself where one is named.</summary>
    public static Ticket TicketFor(OperationSpec spec, OperationInput input, IKeyView view, string account, DateTimeOffset now)
    {
        var live = new ReferenceResolver(view, account, TestCore.Region, now).ResolveAll(spec.References, input);
        var subject = input.Text("Product") is { } product ? Ticket.ServiceSubject(account, product) : $"acs:ram::{account}:user/tester";
        return new Ticket(
            account, subject, spec.TicketAction, [.. live.Select(reference => new TicketResource(reference.Arn, reference.MetadataVersion, reference.AliasGeneration))]);
    }
}

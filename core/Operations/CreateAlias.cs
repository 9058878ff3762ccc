using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

internal sealed class CreateAlias(CoreQuotas quotas) : IOperation
{
    private const int KeyReference = 0;
    private const int AliasReference = 1;

    public OperationSpec Spec { get; } =
        new(nameof(CreateAlias), OperationKind.Mutating, ReferenceSpec.KeyId, ReferenceSpec.NewAlias);

    public OperationResult Execute(OperationCall call)
    {
        var name = call.Input.RequiredText("AliasName");
        if (AliasNames.AreReserved(name))
        {
            throw OperationInput.Invalid("AliasName");
        }

        if (call.References[AliasReference].Alias is not null)
        {
            throw KmsErrors.AliasAlreadyExists.With();
        }

        if (call.Transaction.CountAliases(call.Ticket.Account, call.Region) >= quotas.AliasesPerRegion)
        {
            throw KmsErrors.RejectedLimitExceeded.With();
        }

        _ = call.Transaction.InsertAlias(call.Ticket.Account, call.Region, name, call.Key(KeyReference).KeyId, call.Now);
        return OperationResult.Nothing;
    }
}

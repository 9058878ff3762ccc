using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Makes the key of a product in an account, with its alias <c>alias/acs/&lt;product&gt;</c>, or finds it. Only the product
/// itself may ask. Source: audit-and-service-keys.md part B, decisions.md D4.
/// </summary>
internal sealed class EnsureServiceKey(KeyFactory factory) : IOperation
{
    public OperationSpec Spec { get; } =
        new(InternalRoutes.EnsureServiceKey, OperationKind.Mutating) { TicketAction = Ticket.EnsureServiceKeyAction };

    public OperationResult Execute(OperationCall call)
    {
        var product = call.Input.RequiredText("Product");
        if (!ProductCodes.AreValid(product))
        {
            throw OperationInput.Invalid("Product");
        }

        var account = call.Ticket.Account;
        if (call.Ticket.Subject != Ticket.ServiceSubject(account, product))
        {
            throw new TicketMismatchException("the product is not the subject");
        }

        var key = call.Transaction.FindKeyOfProduct(account, call.Region, product) ?? Create(call, product);
        return OperationResult.Of(writer =>
        {
            writer.WriteString("KeyId", key.KeyId);
            writer.WriteString("KeyArn", key.Arn);
            writer.WriteNumber("MetadataVersion", key.MetadataVersion);
        });
    }

    private KeyRecord Create(OperationCall call, string product)
    {
        var account = call.Ticket.Account;
        var key = factory.Create(
            call.Transaction,
            new NewKey(account, call.Region, KeySpec.Aes256, KeyUsages.EncryptDecrypt, ProtectionLevels.Software, call.Now)
            {
                ManagedBy = product,
            });
        _ = call.Transaction.InsertAlias(account, call.Region, AliasNames.OfProduct(product), key.KeyId, call.Now);
        return key;
    }
}

namespace KmsGateway.Core.Operations;

internal sealed class GenerateDataKeyWithoutPlaintext(DataKeys dataKeys) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(GenerateDataKeyWithoutPlaintext), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias);

    public OperationResult Execute(OperationCall call) => dataKeys.Generate(call, withPlaintext: false);
}

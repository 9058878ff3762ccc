namespace KmsGateway.Core.Operations;

internal sealed class GenerateDataKey(DataKeys dataKeys) : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(GenerateDataKey), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias);

    public OperationResult Execute(OperationCall call) => dataKeys.Generate(call, withPlaintext: true);
}

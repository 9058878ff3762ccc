namespace KmsGateway.Core.Operations;

internal sealed class DescribeKey : IOperation
{
    public OperationSpec Spec { get; } = new(nameof(DescribeKey), OperationKind.Read, ReferenceSpec.KeyIdOrAlias) { IsForKeyUsers = true };

    public OperationResult Execute(OperationCall call) => KeyMetadata.Answer(call.Key(), withProtection: true);
}

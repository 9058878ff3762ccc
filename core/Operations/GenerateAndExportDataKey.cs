namespace KmsGateway.Core.Operations;

/// <summary>A data key that its maker never sees: answered under the key and under the receiver's public key.</summary>
internal sealed class GenerateAndExportDataKey(DataKeys dataKeys) : IOperation
{
    public OperationSpec Spec { get; } =
        new(nameof(GenerateAndExportDataKey), OperationKind.Cryptographic, ReferenceSpec.KeyIdOrAlias);

    public OperationResult Execute(OperationCall call) =>
        dataKeys.Generate(call, withPlaintext: false, DataKeyExport.Read(call.Input));
}

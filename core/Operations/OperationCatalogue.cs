using System.Collections.Frozen;

namespace KmsGateway.Core.Operations;

/// <summary>Every operation this core answers, by name.</summary>
internal sealed class OperationCatalogue
{
    private readonly FrozenDictionary<string, IOperation> operations;

    public OperationCatalogue(IEnumerable<IOperation> operations) =>
        this.operations = operations.ToFrozenDictionary(operation => operation.Spec.Action, StringComparer.Ordinal);

    public IEnumerable<OperationSpec> Specs => operations.Values.Select(operation => operation.Spec);

    public IOperation? Find(string action) => operations.GetValueOrDefault(action);
}

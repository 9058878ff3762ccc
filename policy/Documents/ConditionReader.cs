using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;

namespace KmsGateway.Policy.Documents;

/// <summary>The Condition element: operators, keys, values. Source: ram-policy.md R-DOC-15 to -19.</summary>
internal sealed class ConditionReader(PolicyFaultList faults)
{
    internal ImmutableArray<Condition> Read(SourceNode? node, string pointer)
    {
        if (node is null)
        {
            return [];
        }

        if (node.Kind != SourceNodeKind.Object)
        {
            faults.Add(PolicyFaultReasons.InvalidCondition, pointer, node, "Condition is an object.");
            return [];
        }

        var conditions = ImmutableArray.CreateBuilder<Condition>();
        foreach (var block in node.Members)
        {
            ReadBlock(block, PolicyFaultList.Below(pointer, block.Name), conditions);
        }

        return conditions.ToImmutable();
    }

    private void ReadBlock(SourceMember block, string pointer, ImmutableArray<Condition>.Builder conditions)
    {
        if (!ConditionOperators.TryFind(block.Name, out var op))
        {
            faults.Add(PolicyFaultReasons.UnknownOperator, pointer, block, $"{PolicyFaultList.Quote(block.Name)} is no condition operator.");
        }

        if (block.Value.Kind != SourceNodeKind.Object || block.Value.Members.Count == 0)
        {
            faults.Add(PolicyFaultReasons.InvalidCondition, pointer, block.Value, "An operator holds a non-empty object.");
            return;
        }

        foreach (var test in block.Value.Members)
        {
            ReadTest(op, test, PolicyFaultList.Below(pointer, test.Name), conditions);
        }
    }

    private void ReadTest(ConditionOperator? op, SourceMember test, string pointer, ImmutableArray<Condition>.Builder conditions)
    {
        if (!ConditionKey.TryParse(test.Name, out var key))
        {
            faults.Add(PolicyFaultReasons.InvalidConditionKey, pointer, test, $"{PolicyFaultList.Quote(test.Name)} is no condition key.");
        }

        var values = StringList.Read(
            test.Value,
            pointer,
            PolicyFaultReasons.InvalidConditionValue,
            faults,
            text => op is null || op.CanRead(text) ? text : null);
        if (op is not null && key is not null && faults.IsEmpty)
        {
            conditions.Add(new Condition(op, key, values));
        }
    }
}

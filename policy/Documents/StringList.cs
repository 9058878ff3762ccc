using System.Collections.Immutable;

namespace KmsGateway.Policy.Documents;

/// <summary>The <c>one-or-many</c> of the grammar: a string, or a non-empty list of strings.</summary>
internal static class StringList
{
    /// <summary>Reads each string by <paramref name="read"/>; what it refuses is a fault of <paramref name="reason"/>.</summary>
    internal static ImmutableArray<T> Read<T>(SourceNode node, string pointer, string reason, PolicyFaultList faults, Func<string, T?> read)
        where T : class
    {
        if (node.Kind != SourceNodeKind.Array)
        {
            return ReadOne(node, pointer, reason, faults, read) is { } one ? [one] : [];
        }

        if (node.Items.Count == 0)
        {
            faults.Add(PolicyFaultReasons.EmptyList, pointer, node, "A list holds at least one element.");
        }

        var values = ImmutableArray.CreateBuilder<T>(node.Items.Count);
        for (var i = 0; i < node.Items.Count; i++)
        {
            if (ReadOne(node.Items[i], PolicyFaultList.Below(pointer, i), reason, faults, read) is { } value)
            {
                values.Add(value);
            }
        }

        return values.ToImmutable();
    }

    private static T? ReadOne<T>(SourceNode node, string pointer, string reason, PolicyFaultList faults, Func<string, T?> read)
        where T : class
    {
        var value = node.IsString ? read(node.Text) : null;
        if (value is null)
        {
            faults.Add(reason, pointer, node, node.IsString ? $"{PolicyFaultList.Quote(node.Text)} is not of the required form." : "A string is required here.");
        }

        return value;
    }
}

using System.Collections.Immutable;

namespace KmsGateway.Policy.Conditions;

/// <summary>Reads a value of one kind from text, strictly; policy values and request values alike.</summary>
internal delegate bool ConditionTextReader<T>(ReadOnlySpan<char> text, out T value);

internal static class ConditionText
{
    /// <summary>Policy values, which the parser has already held to the operator.</summary>
    internal static T[] ReadAll<T>(ImmutableArray<string> values, ConditionTextReader<T> read) =>
        [.. values.Select(text => read(text, out var value) ? value : throw new InvalidOperationException("The parser accepts no value that its operator cannot read."))];
}

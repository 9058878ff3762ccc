using System.Collections.Immutable;

namespace KmsGateway.Policy.Evaluation;

/// <summary>
/// Condition keys known for one check, each with one or more values. The part of a key before the first <c>/</c> ignores
/// letter case, the part after it (a tag key) does not. Source: ram-policy.md R-KEY-1.
/// </summary>
public sealed class ConditionContext
{
    private readonly ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> entries;

    /// <summary>Keeps <paramref name="entries"/>, in order.</summary>
    public ConditionContext(IEnumerable<KeyValuePair<string, ImmutableArray<string>>> entries) =>
        this.entries = [.. entries.Select(entry => entry.Value.IsDefault ? new KeyValuePair<string, ImmutableArray<string>>(entry.Key, []) : entry)];

    /// <summary>Nothing known.</summary>
    public static ConditionContext Empty { get; } = new([]);

    /// <summary>The keys and their values.</summary>
    public ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> Entries => entries;
}

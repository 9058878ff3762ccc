using System.Collections.Concurrent;

namespace KmsGateway.Policy.Matching;

/// <summary>
/// Immutable parts that most policies have in common, by their text: ten thousand policies that name <c>kms:Encrypt</c> hold
/// one pattern. Bounded: what came first stays, what finds no room is simply not shared.
/// </summary>
internal sealed class SharedTable<T>
    where T : class
{
    internal const int MaxEntries = 2048;
    internal const int MaxTextLength = 64;

    private readonly ConcurrentDictionary<string, T> entries = new(StringComparer.Ordinal);
    private int count;

    /// <summary>The part that was shared under the text first, or <paramref name="made"/>.</summary>
    internal T Share(string text, T made)
    {
        if (entries.TryGetValue(text, out var shared))
        {
            return shared;
        }

        if (text.Length > MaxTextLength || Volatile.Read(ref count) >= MaxEntries)
        {
            return made;
        }

        if (!entries.TryAdd(text, made))
        {
            return entries[text];
        }

        Interlocked.Increment(ref count);
        return made;
    }
}

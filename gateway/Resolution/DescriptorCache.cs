using System.Collections.Concurrent;
using KmsGateway.Core.Contract;

namespace KmsGateway.Gateway.Resolution;

/// <summary>
/// Descriptors by reference. Nothing in it can make a wrong call succeed: the core compares the versions a decision was made
/// for, and a refusal made from the cache is decided again on a fresh descriptor. So entries live until they are found stale.
/// "Not found" is never kept. Source: decisions.md D2, D3.
/// </summary>
internal sealed class DescriptorCache
{
    private const int MaxEntries = 50_000;

    private ConcurrentDictionary<ReferenceQuestion, KeyDescriptor> entries = new();

    public KeyDescriptor? Find(ReferenceQuestion question) => entries.GetValueOrDefault(question);

    public void Keep(ReferenceQuestion question, KeyDescriptor descriptor)
    {
        if (entries.Count >= MaxEntries)
        {
            // Why: every entry can be asked for again; a full cache starts over instead of choosing victims.
            Interlocked.Exchange(ref entries, new ConcurrentDictionary<ReferenceQuestion, KeyDescriptor>());
        }

        entries[question] = descriptor;
    }

    public void Forget(ReferenceQuestion question) => entries.TryRemove(question, out _);
}

using System.Collections.Immutable;
using KmsGateway.Core.Certificates;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Hosting;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>One run of an operation: who asks for what, and what the references led to.</summary>
internal sealed class OperationCall(Ticket ticket, OperationInput input, string region, DateTimeOffset now)
{
    private IKeyView? view;

    public Ticket Ticket => ticket;

    public OperationInput Input => input;

    public string Region => region;

    /// <summary>Time of the request, in whole milliseconds as the store keeps it.</summary>
    public DateTimeOffset Now { get; } = WholeMilliseconds.Of(now);

    /// <summary>What a prepared operation made before its transaction.</summary>
    public object? Prepared { get; init; }

    public IReadOnlyList<Resolved> References { get; private set; } = [];

    public IKeyView View => view ?? throw new InvalidOperationException("The call has not begun.");

    public IKeyTransaction Transaction =>
        view as IKeyTransaction ?? throw new InvalidOperationException("Only mutating operations have a transaction.");

    public void Begin(IKeyView current, IReadOnlyList<Resolved> references)
    {
        view = current;
        References = references;
    }

    /// <summary>The key of a reference whose existence was checked.</summary>
    public KeyRecord Key(int reference = 0) =>
        References[reference].Key ?? throw new InvalidOperationException("The reference leads to no key.");

    /// <summary>The keys of all references, each once.</summary>
    public IEnumerable<KeyRecord> Keys() =>
        References.Select(reference => reference.Key).OfType<KeyRecord>().DistinctBy(key => key.KeyId, StringComparer.Ordinal);

    /// <summary>Stores other tags, which change what decisions rest on; equal ones change nothing.</summary>
    public void ReplaceTags(KeyRecord key, ImmutableSortedDictionary<string, string> tags)
    {
        if (!tags.SequenceEqual(key.Tags))
        {
            Transaction.UpdateKey(key with { Tags = tags, MetadataVersion = key.MetadataVersion + 1 });
        }
    }

    /// <summary>Does the same for the first reference, be it a key or a certificate.</summary>
    public void ChangeTags(Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change)
    {
        if (References[0].Certificate is not { } certificate)
        {
            ReplaceTags(Key(), change(Key().Tags));
            return;
        }

        var tags = change(certificate.Tags);
        if (!tags.SequenceEqual(certificate.Tags))
        {
            Transaction.UpdateCertificate(certificate with { Tags = tags, MetadataVersion = certificate.MetadataVersion + 1, UpdatedAt = Now });
        }
    }

    /// <summary>The certificate of the reference, whose existence was checked.</summary>
    public CertificateRecord Certificate() =>
        References[0].Certificate ?? throw new InvalidOperationException("The reference leads to no certificate.");

    /// <summary>Room for one more version of a key of the caller's.</summary>
    /// <exception cref="KmsException">Rejected.LimitExceeded.</exception>
    public void RequireRoomForVersion(CoreQuotas quotas, bool isPair)
    {
        if (View.HasVersions(ticket.Account, region, quotas.KeyVersionsPerRegion)
            || (isPair && View.HasVersionsOfPairs(ticket.Account, region, quotas.AsymmetricVersionsPerRegion)))
        {
            throw KmsErrors.RejectedLimitExceeded.With();
        }
    }

    public AliasRecord Alias(int reference) =>
        References[reference].Alias ?? throw new InvalidOperationException("The reference leads to no alias.");
}

using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Resolution;

/// <summary>A call with everything its references lead to: the questions for the evaluator, and what the ticket must bind.</summary>
/// <param name="Checks">The checks and the pending "does not exist".</param>
/// <param name="Descriptors">One per reference of the call; null = not found.</param>
/// <param name="IsFresh">Whether the core was asked for every descriptor just now.</param>
internal sealed record CallResolution(KmsCallChecks Checks, ImmutableArray<KeyDescriptor?> Descriptors, bool IsFresh)
{
    /// <summary>The resources of the ticket, in the order of the checks.</summary>
    public ImmutableArray<TicketResource> TicketResources() =>
        [.. Checks.Checks.Where(check => check.Resource != "*").Select(ToTicketResource)];

    /// <summary>The other accounts whose keys are among the resources, each once; none for nearly every call.</summary>
    public ImmutableArray<string> OwnersBut(string account)
    {
        // Why a loop first: every call asks, and nearly none has any.
        foreach (var descriptor in Descriptors)
        {
            if (descriptor is not null && !ForeignKeys.IsOwn(descriptor, account))
            {
                return [.. Descriptors.OfType<KeyDescriptor>().Select(ForeignKeys.OwnerOf).Where(owner => owner != account).Distinct(StringComparer.Ordinal)];
            }
        }

        return [];
    }

    /// <summary>The descriptor behind a check, if it has one.</summary>
    public KeyDescriptor? DescriptorOf(KmsCheck check) => check.Reference >= 0 ? Descriptors[check.Reference] : null;

    private TicketResource ToTicketResource(KmsCheck check)
    {
        var descriptor = DescriptorOf(check);
        var isKey = descriptor is not null && string.Equals(descriptor.KeyArn, check.Resource, StringComparison.Ordinal);
        return new TicketResource(check.Resource, isKey ? descriptor!.MetadataVersion : 0, descriptor?.AliasGeneration ?? 0);
    }
}

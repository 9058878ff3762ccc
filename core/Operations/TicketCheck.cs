using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Whether what a ticket was minted for is what the request leads to now. Equal: go on. The same references, but a version or
/// generation moved on, or an alias leads elsewhere: stale, and the gateway decides again. Anything else: refused.
/// Source: decisions.md D1 to D3.
/// </summary>
internal static class TicketCheck
{
    /// <summary>Stands for the key of a ciphertext that names none here (decisions.md D6).</summary>
    public const string Unresolved = "unresolved";

    private enum Verdict
    {
        None = 0,
        Equal,
        Stale,
        Refused,
    }

    /// <exception cref="StaleTicketException">The gateway must decide again.</exception>
    /// <exception cref="TicketMismatchException">The ticket is for something else.</exception>
    public static void Require(IReadOnlyList<Resolved> live, IReadOnlyList<TicketResource> authorized, ReferenceResolver resolver)
    {
        if (live.Count != authorized.Count)
        {
            throw new TicketMismatchException("resources differ in number");
        }

        var isStale = false;
        for (var index = 0; index < live.Count; index++)
        {
            var verdict = Compare(live[index], authorized[index], resolver);
            if (verdict == Verdict.Refused)
            {
                throw new TicketMismatchException("a resource differs");
            }

            isStale |= verdict == Verdict.Stale;
        }

        if (isStale)
        {
            throw new StaleTicketException([.. live.Select(resolved => resolved.Descriptor)]);
        }
    }

    private static Verdict Compare(Resolved live, TicketResource authorized, ReferenceResolver resolver)
    {
        if (authorized.Arn == live.Arn)
        {
            return authorized.MetadataVersion == live.MetadataVersion && authorized.AliasGeneration == live.AliasGeneration
                ? Verdict.Equal
                : Verdict.Stale;
        }

        return AliasWentElsewhere(live, authorized) || KeyOfCiphertextIsGone(live, authorized, resolver) ? Verdict.Stale : Verdict.Refused;
    }

    /// <summary>
    /// The alias led to another key, or nowhere, when the ticket was minted. Generations never repeat and only rise, so a ticket
    /// with the present one, or a later one, was not minted for this alias.
    /// </summary>
    private static bool AliasWentElsewhere(Resolved live, TicketResource authorized) =>
        live.IsThroughAlias
        && authorized.AliasGeneration > 0
        && (live.Alias is null || authorized.AliasGeneration < live.AliasGeneration);

    private static bool KeyOfCiphertextIsGone(Resolved live, TicketResource authorized, ReferenceResolver resolver)
    {
        if (live.Spec.Target != ReferenceTarget.CiphertextKey || live.Key is not null || authorized.MetadataVersion == 0)
        {
            return false;
        }

        return Arn.TryParse(authorized.Arn, out var arn) && resolver.FindReachable(arn) is null;
    }
}

/// <summary>Carries fresh descriptors to the answer 409.</summary>
public sealed class StaleTicketException(IReadOnlyList<KeyDescriptor?> fresh) : Exception("The ticket is for metadata that is no longer current.")
{
    /// <summary>In the order of the ticket's resources.</summary>
    public IReadOnlyList<KeyDescriptor?> Fresh { get; } = fresh;
}

/// <summary>A valid ticket, but not for this request; answered 403 without a word on what differs.</summary>
public sealed class TicketMismatchException(string difference) : Exception(difference);

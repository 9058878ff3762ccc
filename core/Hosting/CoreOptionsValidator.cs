using System.Globalization;
using KmsGateway.Core.Tickets;
using Microsoft.Extensions.Options;

namespace KmsGateway.Core.Hosting;

/// <summary>Names every fault of the settings at once.</summary>
internal sealed class CoreOptionsValidator : IValidateOptions<CoreOptions>
{
    private const int MostQuota = 10_000_000;
    private const int MostTags = 20;

    public ValidateOptionsResult Validate(string? name, CoreOptions options)
    {
        string[] faults = [.. Faults(options)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(CoreOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            yield return "Kms:DataDirectory must name a directory.";
        }

        if (!IsRegion(options.Region))
        {
            yield return "Kms:Region must be 1 to 64 lower-case letters, digits and hyphens.";
        }

        if (string.IsNullOrWhiteSpace(options.Core.Id))
        {
            yield return "Kms:Core:Id must not be empty.";
        }

        foreach (var fault in KeyFaults(options.Tickets.PublicKeys).Concat(QuotaFaults(options.Quotas)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> KeyFaults(string[] keys)
    {
        if (keys.Length is 0 or > TicketKeys.Most)
        {
            yield return "Kms:Tickets:PublicKeys must hold one or two public keys (PEM text or path).";
        }

        for (var index = 0; index < keys.Length; index++)
        {
            if (TicketKeys.Read(keys[index]).Fault is { } fault)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Kms:Tickets:PublicKeys:{index}: {fault}.");
            }
        }
    }

    private static IEnumerable<string> QuotaFaults(CoreQuotas quotas)
    {
        if (quotas.KeysPerRegion is < 1 or > MostQuota)
        {
            yield return "Kms:Quotas:KeysPerRegion must be 1 to 10000000.";
        }

        if (quotas.AliasesPerRegion is < 1 or > MostQuota)
        {
            yield return "Kms:Quotas:AliasesPerRegion must be 1 to 10000000.";
        }

        if (quotas.KeyVersionsPerRegion is < 1 or > MostQuota)
        {
            yield return "Kms:Quotas:KeyVersionsPerRegion must be 1 to 10000000.";
        }

        if (quotas.AsymmetricVersionsPerRegion is < 1 or > MostQuota)
        {
            yield return "Kms:Quotas:AsymmetricVersionsPerRegion must be 1 to 10000000.";
        }

        if (quotas.AsymmetricVersionIntervalDays is < 0 or > 365)
        {
            yield return "Kms:Quotas:AsymmetricVersionIntervalDays must be 0 to 365.";
        }

        if (quotas.DeletionWindowDays is < 30 or > 366)
        {
            yield return "Kms:Quotas:DeletionWindowDays must be 30 to 366.";
        }

        if (quotas.TagsPerResource is < 1 or > MostTags)
        {
            yield return "Kms:Quotas:TagsPerResource must be 1 to 20.";
        }
    }

    private static bool IsRegion(string? text) =>
        text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

using static KmsGateway.Gateway.Catalogue.ActionBuilder;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>The service itself. Source: kms-api.md 4.</summary>
internal static class KmsServiceActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("DescribeRegions").Reads()
            .NeedsNoPermission(because: "open to every authenticated caller (R-KMS-9)").NotAudited()
            .AnsweredByCore(),
        InKms("OpenKmsService").Writes().NotYet(),
        InKms("DescribeAccountKmsStatus").Reads().NotYet(),
        InKms("DescribeService").In(Tier.Legacy).Reads()
            .NeedsNoPermission(because: "capability discovery, like DescribeRegions (kms-api.json)")
            .NotYet(),
    ];
}

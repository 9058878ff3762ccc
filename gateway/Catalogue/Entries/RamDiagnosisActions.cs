using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>What a denial was about. Source: ram-policy.md 10.</summary>
internal static class RamDiagnosisActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InRam("DecodeDiagnosticMessage").Reads().On(RamResource.None)
            .Needs("EncodedDiagnosticMessage", Text(32768))
            .Source("ram-policy.md 10")
            .AnsweredByGateway(),
    ];
}

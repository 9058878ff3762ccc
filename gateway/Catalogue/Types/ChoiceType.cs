using System.Collections.Immutable;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>One of a few values; letter case counts. Tolerated values are taken as well and not advertised.</summary>
internal sealed class ChoiceType(ImmutableArray<string> values, ImmutableArray<string> tolerated)
    : ScalarType(new ParameterShape("string") { Enum = values })
{
    protected override ParameterReading Parse(string text) =>
        values.Contains(text) || tolerated.Contains(text) ? ParameterReading.Of(text) : ParameterReading.Refused(ParameterFault.Value);
}

using System.Globalization;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>Decimal digits, nothing else around them, in a range. Source: kms-api.json, parameterSources.</summary>
/// <param name="min">Smallest value; 0 when not given, as there is no sign.</param>
/// <param name="max">Largest value.</param>
/// <param name="declaredType">The published type: <c>integer</c>, <c>long</c>, or <c>string</c>.</param>
internal sealed class IntegerType(long? min, long? max, string declaredType)
    : ScalarType(new ParameterShape(declaredType)
    {
        Min = min?.ToString(CultureInfo.InvariantCulture),
        Max = max?.ToString(CultureInfo.InvariantCulture),
    })
{
    protected override ParameterReading Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value >= (min ?? 0) && value <= (max ?? long.MaxValue)
            ? ParameterReading.Of(value)
            : ParameterReading.Refused(ParameterFault.Value);
}

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary><c>true</c> or <c>false</c> in any letter case (the classic .NET client sends <c>True</c>). Source: kms-api.md 1.</summary>
/// <param name="isDeclaredAsText">The published tables declare it a string with two values.</param>
internal sealed class BooleanType(bool isDeclaredAsText)
    : ScalarType(isDeclaredAsText ? new ParameterShape("string") { Enum = ["true", "false"] } : new ParameterShape("boolean"))
{
    protected override ParameterReading Parse(string text)
    {
        if (string.Equals(text, "true", StringComparison.OrdinalIgnoreCase))
        {
            return ParameterReading.Of(true);
        }

        return string.Equals(text, "false", StringComparison.OrdinalIgnoreCase)
            ? ParameterReading.Of(false)
            : ParameterReading.Refused(ParameterFault.Value);
    }
}

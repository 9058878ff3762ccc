using System.Text;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary>What the length of a text is counted in.</summary>
internal enum LengthUnit
{
    None = 0,

    /// <summary>UTF-16 code units.</summary>
    Characters,

    /// <summary>Bytes of its UTF-8 form.</summary>
    Utf8Bytes,
}

/// <summary>Text within limits; faults are told apart in the order length, characters, form.</summary>
internal sealed class TextType(
    int minLength = 0,
    int? maxLength = null,
    Func<char, bool>? allowed = null,
    Func<string, bool>? form = null,
    string? pattern = null,
    LengthUnit unit = LengthUnit.Characters)
    : ScalarType(new ParameterShape("string") { MinLength = minLength, MaxLength = maxLength, Pattern = pattern })
{
    protected override ParameterReading Parse(string text)
    {
        var length = unit == LengthUnit.Utf8Bytes ? Encoding.UTF8.GetByteCount(text) : text.Length;
        if (length < minLength || length > maxLength)
        {
            return ParameterReading.Refused(ParameterFault.Length);
        }

        if (allowed is not null && !text.All(allowed))
        {
            return ParameterReading.Refused(ParameterFault.Characters);
        }

        return form is null || form(text) ? ParameterReading.Of(text) : ParameterReading.Refused(ParameterFault.Format);
    }
}

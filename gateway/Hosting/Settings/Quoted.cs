using System.Text;

namespace KmsGateway.Gateway.Hosting.Settings;

/// <summary>An operator's text inside a sentence: in quotes, at most 80 characters, nothing that moves a terminal's cursor.</summary>
internal static class Quoted
{
    private const int MaxLength = 80;

    public static string Text(string value)
    {
        var shown = new StringBuilder("\"");
        foreach (var character in value.AsSpan(0, Math.Min(value.Length, MaxLength)))
        {
            shown.Append(char.IsControl(character) || char.IsSurrogate(character) || character is '"' ? '?' : character);
        }

        return shown.Append(value.Length > MaxLength ? "...\"" : "\"").ToString();
    }
}

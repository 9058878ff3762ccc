using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>The text of a JSON string, halves of surrogate pairs included, which the framework's reader refuses to give.</summary>
internal static class RawJsonText
{
    /// <summary>The text; its JSON is known to be well formed.</summary>
    internal static string Decode(JsonElement element)
    {
        var raw = element.GetRawText()[1..^1];
        var text = new StringBuilder();
        var at = 0;
        while (at < raw.Length)
        {
            if (raw[at] != '\\')
            {
                text.Append(raw[at++]);
                continue;
            }

            text.Append(raw[at + 1] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)int.Parse(raw.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var c => c,
            });
            at += raw[at + 1] == 'u' ? 6 : 2;
        }

        return text.ToString();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A golden case of the kind validation.</summary>
internal static class ValidationCase
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What differs; null when the case passes.</summary>
    public static string? Run(InputNode item)
    {
        if (!Enum.TryParse<PolicyKind>(item.Required("policyKind").Text(), ignoreCase: true, out var kind) || kind == PolicyKind.None)
        {
            throw item.Required("policyKind").Fault("names no kind of policy.");
        }

        var text = item.Find("documentText") is { } raw
            ? Decode(raw.Element)
            : JsonSerializer.Serialize(item.Required("document").Element, AsWritten);
        var result = PolicyParser.Parse(text, kind);
        var expect = item.Required("expect");
        var found = result.IsValid ? "a valid document" : string.Join(", ", result.Faults.Select(fault => $"{fault.Reason} at '{fault.Pointer}'"));
        if (expect.Required("valid").Element.ValueKind == JsonValueKind.True)
        {
            return result.IsValid ? null : $"expected a valid document, found {found}";
        }

        var (pointer, reason) = (expect.Required("pointer").Text(), expect.Required("reason").Text());
        var isFound = !result.IsValid && result.Faults.Any(fault => fault.Pointer == pointer && fault.Reason == reason);
        return isFound ? null : $"expected {reason} at '{pointer}', found {found}";
    }

    /// <summary>The text of a JSON string, halves of surrogate pairs included, which the framework's reader refuses to give.</summary>
    private static string Decode(JsonElement element)
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

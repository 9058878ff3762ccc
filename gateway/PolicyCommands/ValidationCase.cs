using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>Golden cases of the kind validation.</summary>
internal static class ValidationCase
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<GoldenCase> All(InputNode file) => GoldenCase.List(file, Run, "policyKind", "document", "documentText");

    private static string? Run(InputNode item)
    {
        var result = PolicyParser.Parse(Text(item), PolicyKinds.Read(item.Required("policyKind")));
        var expect = item.Required("expect").WithMembers("valid", "pointer", "reason");
        var found = result.IsValid ? "a valid document" : string.Join(", ", result.Faults.Select(fault => $"{fault.Reason} at '{fault.Pointer}'"));
        if (GoldenCase.Flag(expect.Required("valid")))
        {
            expect.WithMembers("valid");
            return result.IsValid ? null : $"expected a valid document, found {found}";
        }

        var (pointer, reason) = (expect.Required("pointer").Text(), expect.Required("reason").Text());
        var isFound = !result.IsValid && result.Faults.Any(fault => fault.Pointer == pointer && fault.Reason == reason);
        return isFound ? null : $"expected {reason} at '{pointer}', found {found}";
    }

    private static string Text(InputNode item)
    {
        var (document, raw) = (item.Find("document"), item.Find("documentText"));
        if (document is null == raw is null)
        {
            throw item.Fault("holds document or documentText.");
        }

        if (raw is { Element.ValueKind: not JsonValueKind.String })
        {
            throw raw.Fault("must be a string.");
        }

        return raw is null ? JsonSerializer.Serialize(document!.Element, AsWritten) : RawJsonText.Decode(raw.Element);
    }
}

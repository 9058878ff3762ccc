using System.Text.Json;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Catalogue.Types;

/// <summary><c>Name.1</c> to <c>Name.N</c>, texts that are not empty. The value kept is a JSON array of strings.</summary>
/// <param name="name">Name of the parameter, for its published encoding.</param>
/// <param name="maxItems">Largest N.</param>
/// <param name="form">What each item must be like; null = anything.</param>
internal sealed class RepeatListType(string name, int maxItems, Func<string, bool>? form)
    : ParameterType(new ParameterShape("repeat-list") { MaxItems = maxItems, Encoding = $"{name}.N" })
{
    public override ParameterReading Read(ParameterCollection parameters, ParameterSpec spec)
    {
        if (!RepeatedParameters.TryRead(parameters, spec.Name, [], out var items))
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        if (items.Count == 0)
        {
            return ParameterReading.Absent;
        }

        if (items.Count > maxItems)
        {
            return ParameterReading.Refused(ParameterFault.Length);
        }

        return items.All(item => item[0] is { Length: > 0 } text && (form is null || form(text)))
            ? ParameterReading.Of(JsonSerializer.SerializeToElement(items.Select(item => item[0])))
            : ParameterReading.Refused(ParameterFault.Value);
    }
}

/// <summary>
/// Tags as <c>Tag.N.Key</c> and <c>Tag.N.Value</c>, or as one JSON text <c>[{"Key","Value"}]</c>, not both; each key once. The
/// value kept is the JSON array. Sources: kms-api.md 11, ram-sts-api.md common rules.
/// </summary>
internal sealed class TagListType(int maxItems)
    : ParameterType(new ParameterShape("repeat-list") { MaxItems = maxItems, Encoding = "Tag.N.Key / Tag.N.Value" })
{
    public override ParameterReading Read(ParameterCollection parameters, ParameterSpec spec)
    {
        if (!RepeatedParameters.TryRead(parameters, spec.Name, RepeatedParameters.KeyAndValue, out var items))
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        var text = parameters.ValueOrNull(spec.Name);
        if (text is not null && (items.Count > 0 || !TryParse(text, items)))
        {
            return ParameterReading.Refused(ParameterFault.Format);
        }

        if (items.Count > maxItems)
        {
            return ParameterReading.Refused(ParameterFault.Length);
        }

        return items.Count == 0 ? ParameterReading.Absent : Judge(items);
    }

    private static bool TryParse(string text, List<string?[]> items)
    {
        if (!JsonText.TryParse(text, out var element) || element.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in element.EnumerateArray())
        {
            if (!JsonPairs.TryRead(item, "Key", "Value", out var key, out var value))
            {
                return false;
            }

            items.Add([key, value]);
        }

        return true;
    }

    private static ParameterReading Judge(List<string?[]> items)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            // a tag without a value is a tag with an empty one; a value without a key is none
            var fault = TagSyntax.Judge(item[0] ?? "", item[1] ?? "");
            if (fault != ParameterFault.None || !seen.Add(item[0]!))
            {
                return ParameterReading.Refused(fault == ParameterFault.None ? ParameterFault.DuplicateTagKey : fault);
            }
        }

        return ParameterReading.Of(JsonSerializer.SerializeToElement(items.Select(item => new { Key = item[0], Value = item[1] ?? "" })));
    }
}

using System.Globalization;
using System.Text.Json;
using KmsGateway.Gateway.Catalogue;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>Values for parameters, made from the published tables alone.</summary>
internal static class Samples
{
    public const string KeyId = "0a1b2c3d-1111-4aaa-8bbb-000000000001";

    /// <summary>A value that is taken.</summary>
    public static IEnumerable<(string Name, string Value)> Valid(JsonElement parameter)
    {
        var name = KmsComparison.NameOf(parameter);
        var type = Comparison.Text(parameter, "type")!;
        return type is "repeat-list" or "json-array" ? Items(parameter, 1) : [(name, Scalar(name, type, parameter))];
    }

    /// <summary>So many items for a list.</summary>
    public static IEnumerable<(string Name, string Value)> Items(JsonElement parameter, int count)
    {
        var name = KmsComparison.NameOf(parameter);
        var numbers = Enumerable.Range(1, count);
        return (name, Comparison.Text(parameter, "type")) switch
        {
            ("Tag", "repeat-list") => numbers.SelectMany(n => new[] { (Numbered(name, n, ".Key"), Item(n)), (Numbered(name, n, ".Value"), "v") }),
            (_, "repeat-list") => numbers.Select(n => (Numbered(name, n, ""), Item(n))),
            ("Tags", _) => Json(name, numbers.Select(n => new { TagKey = Item(n), TagValue = "v" })),
            ("Filters", _) => Json(name, numbers.Select(_ => new { Key = FilterKey(parameter), Values = new[] { "x" } })),
            ("SecretsList" or "BindVpcs", _) => Json(name, numbers.Select(n => new { SecretName = Item(n) })),
            _ when parameter.TryGetProperty("enum", out var values) => Json(name, values.EnumerateArray().Take(count).Select(value => value.GetString())),
            _ => Json(name, numbers.Select(Item)),
        };
    }

    /// <summary>The text of a value so long.</summary>
    public static string OfLength(JsonElement parameter, int length) => Comparison.Text(parameter, "type") switch
    {
        "json-object" or "json-object<string,string>" => $$"""{"a":"{{new string('x', length - """{"a":""}""".Length)}}"}""",
        _ => new string('x', length),
    };

    private static string Scalar(string name, string type, JsonElement parameter)
    {
        if (parameter.TryGetProperty("enum", out var values))
        {
            return values[0].GetString()!;
        }

        return type switch
        {
            "boolean" => "false",
            "integer" or "long" => Comparison.Text(parameter, "min") ?? "1",
            "base64" => "AAAA",
            "json-object" or "json-object<string,string>" => """{"a":"b"}""",
            _ when name is "PasswordLength" or "RecoveryWindowInDays" => Comparison.Text(parameter, "min")!,
            _ when name == "RotationInterval" => Comparison.Text(parameter, "min")!,
            _ when name == "AliasName" => "alias/app",
            _ when name == "ProtectedResourceArn" => $"acs:kms:cn-hangzhou:1234567890123456:key/{KeyId}",
            _ => KeyId,
        };
    }

    private static string FilterKey(JsonElement parameter) =>
        Comparison.Text(parameter, "note")?.Contains("KeyState", StringComparison.Ordinal) == true ? "KeyState" : "SecretName";

    private static IEnumerable<(string, string)> Json<T>(string name, IEnumerable<T> items) => [(name, JsonSerializer.Serialize(items))];

    private static string Item(int n) => string.Create(CultureInfo.InvariantCulture, $"item-{n}");

    private static string Numbered(string name, int n, string field) => string.Create(CultureInfo.InvariantCulture, $"{name}.{n}{field}");
}

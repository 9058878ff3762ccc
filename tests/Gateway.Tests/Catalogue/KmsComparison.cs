using System.Text.Json;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Catalogue.Types;
using KmsGateway.Policy.Kms;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Catalogue;

/// <summary>kms-api.json and kms-actions.json against the entries of the key service.</summary>
internal static class KmsComparison
{
    public static IReadOnlyList<JsonElement> Published { get; } =
        [.. Load("kms-api.json").GetProperty("actions").EnumerateArray()];

    private static readonly Dictionary<string, JsonElement> Table = Load("policy-cases", "kms-actions.json").GetProperty("apis")
        .EnumerateArray().ToDictionary(row => row.GetProperty("api").GetString()!, StringComparer.Ordinal);

    public static IReadOnlyList<Difference> Differences { get; } = Compute();

    public static string NameOf(JsonElement element) => element.GetProperty("name").GetString()!;

    public static string DefaultText(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        JsonElement element => element.GetRawText(),
        _ => (string)value,
    };

    private static JsonElement Load(params string[] path) => JsonDocument.Parse(File.ReadAllText(TestData.Path(path))).RootElement;

    private static IReadOnlyList<Difference> Compute()
    {
        var comparison = new Comparison();
        foreach (var published in Published)
        {
            if (ActionCatalogue.Find(ActionCatalogue.KmsVersion, NameOf(published)) is { } here)
            {
                CompareAction(comparison, published, here);
            }
            else
            {
                comparison.Compare(NameOf(published), Comparison.None, "presence", "published", null);
            }
        }

        var names = Published.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        foreach (var extra in ActionCatalogue.All.Where(action => action.Product == Product.Kms && !names.Contains(action.Name)))
        {
            comparison.Compare(extra.Name, Comparison.None, "presence", null, "in the catalogue");
        }

        return comparison.Differences;
    }

    private static void CompareAction(Comparison comparison, JsonElement published, ActionDescriptor here)
    {
        void Field(string field, string? expected, string? actual) => comparison.Compare(here.Name, Comparison.None, field, expected, actual);

        var authorization = published.GetProperty("authorization");
        Field("tier", Comparison.Text(published, "tier"), here.Tier == Tier.OutOfScope ? "out-of-scope" : Lower(here.Tier));
        Field("access", Comparison.Text(authorization, "accessLevel"), Lower(here.Access));
        Field("audited", Comparison.Text(published, "audited"), here.IsAudited ? "true" : "false");
        Field("checks", PublishedChecks(published), string.Join(", ", here.Kms!.Checks.Select(check => $"{check.Action} {Target(check)}")));
        Field("tags", PublishedTags(published), string.Join(", ", here.Kms.Checks.Where(check => check.CarriesTags).Select(check => check.Action)));
        Field("alias", PublishedAliases(published), Sorted(here.Kms.AliasParameters));
        Field("alias in the entry", Sorted(here.Kms.AliasParameters), Sorted(here.Parameters.Where(AcceptsAlias).Select(spec => spec.Name)));
        CompareParameters(comparison, published, here);
    }

    private static void CompareParameters(Comparison comparison, JsonElement published, ActionDescriptor here)
    {
        var request = published.GetProperty("request").EnumerateArray().ToDictionary(NameOf, StringComparer.Ordinal);
        foreach (var (name, parameter) in request)
        {
            var spec = here.Parameter(name);
            comparison.Compare(here.Name, name, "presence", "published", spec is null ? null : "published");
            if (spec is not null)
            {
                CompareParameter(comparison, here.Name, parameter, spec);
            }
        }

        foreach (var extra in here.Parameters.Where(spec => !request.ContainsKey(spec.Name)))
        {
            comparison.Compare(here.Name, extra.Name, "presence", null, "in the catalogue");
        }
    }

    private static void CompareParameter(Comparison comparison, string action, JsonElement parameter, ParameterSpec spec)
    {
        void Field(string field, string? actual, string? absent = null) =>
            comparison.Compare(action, spec.Name, field, Comparison.Text(parameter, field) ?? absent, actual);

        var shape = spec.Type.Shape;
        Field("type", shape.Type);
        Field("required", spec.IsRequired ? "true" : "false");
        Field("min", shape.Min);
        Field("max", shape.Max);
        Field("minLength", Number(shape.MinLength), "0");
        Field("maxLength", Number(shape.MaxLength));
        Field("maxItems", Number(shape.MaxItems));
        Field("itemMaxLength", Number(shape.ItemMaxLength));
        Field("pattern", shape.Pattern);
        Field("default", DefaultText(spec.Default));
        Field("allowEmpty", spec.EmptyCounts ? "true" : null);
        Field("encoding", shape.Encoding);
        comparison.Compare(action, spec.Name, "enum", Enum(parameter), string.Join(", ", shape.Enum));
        comparison.Compare(
            action, spec.Name, "requiredWhen", parameter.TryGetProperty("requiredWhen", out _) ? "given" : null, spec.RequiredWhen is null ? null : "given");
        comparison.Compare(action, spec.Name, "defaultByKeySpec", DefaultBy(parameter), DefaultBy(spec));
    }

    private static string PublishedChecks(JsonElement published)
    {
        if (Table.TryGetValue(NameOf(published), out var row))
        {
            return string.Join(", ", row.GetProperty("checks").EnumerateArray()
                .Select(check => $"{Comparison.Text(check, "action")} {Comparison.Text(check, "target")}"));
        }

        var checks = published.GetProperty("authorization").GetProperty("checks").EnumerateArray()
            .Select(check => $"{Comparison.Text(check, "action")} {Target(Comparison.Text(check, "resourceType")!, Comparison.Text(check, "from")!, NameOf(published))}");
        return string.Join(", ", checks.Distinct(StringComparer.Ordinal));
    }

    // The published words for a target, in the notation of the action table.
    private static string Target(string type, string from, string action) => (type, from) switch
    {
        ("Any", _) => "none",
        ("KeyContainer", _) => "keybox",
        ("CertificateContainer", _) => "certificatebox",
        ("Key" or "Secret", "each ResourceId") => "each:ResourceId",
        ("Secret", "each SecretName") => "eachsecret:SecretsList",
        ("Key", "EncryptionKeyId of the secret") when action == "BatchGetSecretValue" => "eachsecretkey:SecretsList",
        ("Key" or "Secret" or "Certificate", "KeyId" or "SecretName" or "CertificateId") => $"{type.ToLowerInvariant()}:{from}",
        _ => throw new InvalidDataException($"{action}: {type} from {from}"),
    };

    private static string Target(CheckSpec check) => check.Target switch
    {
        CheckTargetKind.Anything => "none",
        CheckTargetKind.KeyContainer => "keybox",
        CheckTargetKind.AliasContainer => "aliasbox",
        CheckTargetKind.SecretContainer => "secretbox",
        CheckTargetKind.CertificateContainer => "certificatebox",
        CheckTargetKind.Key => $"key{(check.IsOptional ? "?" : "")}:{check.Parameter}",
        CheckTargetKind.Alias => $"alias:{check.Parameter}",
        CheckTargetKind.KeyBehindAlias => $"aliaskey:{check.Parameter}",
        CheckTargetKind.CiphertextKey => $"cipher:{check.Parameter}",
        CheckTargetKind.Secret => $"secret:{check.Parameter}",
        CheckTargetKind.SecretKey => $"secretkey:{check.Parameter}",
        CheckTargetKind.Certificate => $"certificate:{check.Parameter}",
        CheckTargetKind.KeyOrSecretOrCertificate => "keyorsecret",
        CheckTargetKind.EachResource => $"each:{check.Parameter}",
        CheckTargetKind.EachSecret => $"eachsecret:{check.Parameter}",
        CheckTargetKind.EachSecretKey => $"eachsecretkey:{check.Parameter}",
        _ => throw new InvalidDataException($"{check.Target}"),
    };

    private static string PublishedTags(JsonElement published)
    {
        if (Table.TryGetValue(NameOf(published), out var row))
        {
            return string.Join(", ", row.GetProperty("checks").EnumerateArray()
                .Where(check => check.GetProperty("tags").GetBoolean()).Select(check => Comparison.Text(check, "action")));
        }

        var authorization = published.GetProperty("authorization");
        return authorization.GetProperty("serviceConditionKeys").GetArrayLength() == 0
            ? ""
            : string.Join(", ", authorization.GetProperty("checks").EnumerateArray().Select(check => Comparison.Text(check, "action")));
    }

    private static string PublishedAliases(JsonElement published) => Table.TryGetValue(NameOf(published), out var row)
        ? Sorted(row.GetProperty("aliasParams").EnumerateArray().Select(name => name.GetString()!))
        : Sorted(published.GetProperty("acceptsAlias").EnumerateObject()
            .Where(pair => pair.Value.GetString()!.StartsWith("yes", StringComparison.Ordinal)).Select(pair => pair.Name));

    private static bool AcceptsAlias(ParameterSpec spec) => spec.Type is KeyReferenceType { AcceptsAlias: true };

    private static string Enum(JsonElement parameter) => parameter.TryGetProperty("enum", out var values)
        ? string.Join(", ", values.EnumerateArray().Select(value => value.GetString()))
        : "";

    private static string DefaultBy(JsonElement parameter) => parameter.TryGetProperty("defaultByKeySpec", out var values)
        ? Sorted(values.EnumerateObject().Select(pair => $"{pair.Name}={pair.Value.GetString()}"))
        : "";

    private static string DefaultBy(ParameterSpec spec) =>
        spec.DefaultBy is { Parameter: "KeySpec" } by ? Sorted(by.Values.Select(pair => $"{pair.Key}={pair.Value}")) : "";

    private static string Sorted(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    private static string? Number(int? number) => number?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

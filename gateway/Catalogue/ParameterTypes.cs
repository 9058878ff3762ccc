using KmsGateway.Gateway.Catalogue.Types;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Gateway.Catalogue;

/// <summary>The types of parameters, by the names that the entries use.</summary>
internal static class ParameterTypes
{
    public const string UuidPattern = "UUID text of 36 chars";

    public static ParameterType Alias { get; } =
        new TextType(form: KmsCallSyntax.IsAlias, pattern: "^alias/[A-Za-z0-9_/-]{1,255}$");

    public static ParameterType KeyArn { get; } =
        new TextType(form: text => KmsCallSyntax.TryReadKeyArn(text, out _, out _), pattern: "acs:kms:<region>:<account>:key/<id>");

    public static ParameterType SecretName { get; } =
        new TextType(form: KmsCallSyntax.IsSecretName, pattern: "^[A-Za-z0-9_/+=.@-]{1,192}$");

    public static ParameterType Uuid { get; } = new TextType(form: KmsCallSyntax.IsUuid, pattern: UuidPattern);

    public static ParameterType Base64 { get; } = new Base64Type();

    public static ParameterType TrueOrFalse { get; } = new BooleanType(isDeclaredAsText: false);

    /// <summary>A boolean that the published tables declare a string of two values.</summary>
    public static ParameterType Flag { get; } = new BooleanType(isDeclaredAsText: true);

    public static ParameterType EncryptionContext { get; } = new EncryptionContextType();

    public static ParameterType Key(bool acceptsAlias) => new KeyReferenceType(acceptsAlias);

    public static ParameterType Text(int? max = null, int min = 0) => new TextType(min, max);

    /// <summary>Text whose limit is in bytes of UTF-8 (decisions.md D6).</summary>
    public static ParameterType Utf8Text(int maxBytes) => new TextType(maxLength: maxBytes, unit: LengthUnit.Utf8Bytes);

    public static ParameterType Name(int max, Func<char, bool> allowed, int min = 1) => new TextType(min, max, allowed);

    public static ParameterType Formed(Func<string, bool> form) => new TextType(form: form);

    public static ParameterType OneOf(params string[] values) => new ChoiceType([.. values], []);

    public static ParameterType OneOfOr(string[] values, string[] tolerated) => new ChoiceType([.. values], [.. tolerated]);

    public static ParameterType Integer(long? min = null, long? max = null) => new IntegerType(min, max, "integer");

    public static ParameterType Long() => new IntegerType(null, null, "long");

    /// <summary>A number that the published tables declare a string.</summary>
    public static ParameterType NumberText(long min, long max) => new IntegerType(min, max, "string");

    public static ParameterType Interval(string min, string max) => new RotationIntervalType(min, max);

    public static ParameterType JsonObject(int? maxLength = null) => new JsonObjectType(maxLength);

    public static ParameterType Tags(int maxItems) => new TagArrayType(maxItems);

    public static ParameterType Texts(int? maxItems = null, int? itemMaxLength = null, string? wrapper = null) =>
        new TextArrayType(maxItems, itemMaxLength, [], wrapper);

    public static ParameterType TextsOf(params string[] values) => new TextArrayType(null, null, [.. values], null);

    public static ParameterType Objects(int? maxItems = null) => new ObjectArrayType(maxItems);

    public static ParameterType Filters(int maxItems, params string[] keys) => new FilterArrayType(maxItems, [.. keys]);

    public static ParameterType Repeated(string name, int maxItems, Func<string, bool>? form = null) => new RepeatListType(name, maxItems, form);

    public static ParameterType TagList(int maxItems) => new TagListType(maxItems);
}

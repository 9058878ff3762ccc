using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Core.Operations;

namespace KmsGateway.Core.Keys;

/// <summary>Tags as requests carry them. Source: kms-api.md section 11.</summary>
internal static class Tags
{
    public const int MaxCharacters = 128;

    /// <summary>Tags in one request of the newer family.</summary>
    public const int MostInOneRequest = 20;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        @"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/\_-.+=:@");

    /// <summary>Reads <c>[{"TagKey","TagValue"}]</c>; at most <paramref name="most"/> entries, no key twice.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(OperationInput input, string name, int most) =>
        ReadItems(input, name, most, "TagKey", "TagValue");

    /// <summary>Reads <c>[{"Key","Value"}]</c>, as the newer family of actions has it.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadPairs(OperationInput input, string name, int most) =>
        ReadItems(input, name, most, "Key", "Value");

    private static KeyValuePair<string, string>[] ReadItems(OperationInput input, string name, int most, string keyName, string valueName)
    {
        var items = input.Array(name) ?? [];
        var tags = items.Select(item => ReadItem(name, item, keyName, valueName)).ToArray();
        return tags.Length <= most && tags.DistinctBy(tag => tag.Key, StringComparer.Ordinal).Count() == tags.Length
            ? tags
            : throw OperationInput.Invalid(name);
    }

    /// <summary>The tags with <paramref name="added"/> put over them.</summary>
    /// <exception cref="KmsException">More than <paramref name="quota"/>: Rejected.LimitExceeded.</exception>
    public static ImmutableSortedDictionary<string, string> With(
        ImmutableSortedDictionary<string, string> present, IEnumerable<KeyValuePair<string, string>> added, int quota)
    {
        var tags = present.SetItems(added);
        return tags.Count <= quota ? tags : throw KmsErrors.RejectedLimitExceeded.With();
    }

    private static KeyValuePair<string, string> ReadItem(string name, JsonElement item, string keyName, string valueName)
    {
        var key = Member(name, item, keyName);
        var value = Member(name, item, valueName);
        return key.Length > 0 && IsValid(key) && IsValid(value) && !IsReserved(key)
            ? KeyValuePair.Create(key, value)
            : throw OperationInput.Invalid(name);
    }

    private static string Member(string name, JsonElement item, string member) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var text)
            ? OperationInput.TextOf(name, text)
            : throw OperationInput.Invalid(name);

    private static bool IsValid(string text) => text.Length <= MaxCharacters && !text.AsSpan().ContainsAnyExcept(Allowed);

    private static bool IsReserved(string key) =>
        key.StartsWith("aliyun", StringComparison.OrdinalIgnoreCase) || key.StartsWith("acs:", StringComparison.OrdinalIgnoreCase);
}

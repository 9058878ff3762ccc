using System.Text.Json;
using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Operations;

/// <summary>
/// Filters: at most 10 of <c>{"Key","Values"}</c> with 0 to 10 values each; one key given twice is the union of both, an empty
/// list filters nothing, a value no key has finds nothing. Source: kms-api.json, ListKeys.
/// </summary>
internal sealed class ListKeys(IKeyStore store) : IOperation
{
    private const string Filters = "Filters";
    private const int MostFilters = 10;
    private const int MostValues = 10;

    public OperationSpec Spec { get; } = new(nameof(ListKeys), OperationKind.Read, ReferenceSpec.KeyContainer);

    public OperationResult Execute(OperationCall call)
    {
        var paging = Paging.Of(call.Input);
        var account = call.Ticket.Account;
        var page = store.ListKeys(new KeyQuery(account, call.Region, paging.Number, paging.Size, ReadFilters(call.Input)));
        return paging.Answer(page, "Keys", "Key", (writer, key) =>
        {
            writer.WriteString("KeyId", key.KeyId);
            writer.WriteString("KeyArn", ResourceArns.Key(call.Region, account, key.KeyId));
        });
    }

    private static KeyFilter[] ReadFilters(OperationInput input)
    {
        var items = input.Array(Filters) ?? [];
        if (items.Count > MostFilters)
        {
            throw OperationInput.Invalid(Filters);
        }

        return
        [
            .. items.Select(Read)
                .GroupBy(filter => filter.Column, filter => filter.Values)
                .Select(group => new KeyFilter(group.Key, [.. group.SelectMany(values => values).Distinct(StringComparer.Ordinal)]))
                .Where(filter => filter.Values.Count > 0),
        ];
    }

    private static KeyFilter Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object
            || !item.TryGetProperty("Key", out var key)
            || !item.TryGetProperty("Values", out var values)
            || values.ValueKind != JsonValueKind.Array
            || values.GetArrayLength() > MostValues)
        {
            throw OperationInput.Invalid(Filters);
        }

        return new KeyFilter(
            Column(OperationInput.TextOf(Filters, key)),
            [.. values.EnumerateArray().Select(value => OperationInput.TextOf(Filters, value))]);
    }

    private static KeyFilterColumn Column(string name)
    {
        // Why: Enum.TryParse takes numbers and any case; the names are the API's, exactly.
        // The vendor's pages write keyId; KeyId is what every other parameter is called.
        var column = name == "keyId" ? KeyFilterColumn.KeyId : Enum.GetValues<KeyFilterColumn>().FirstOrDefault(column => column.ToString() == name);
        return column != KeyFilterColumn.None ? column : throw OperationInput.Invalid(Filters);
    }
}

using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Aliases. Source: kms-api.md 4, 10.</summary>
internal static class KmsAliasActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("CreateAlias").Writes()
            .Needs("AliasName", Alias)
            .NeedsKey()
            .Records("AliasName", "KeyId")
            .AnsweredByCore(),
        InKms("UpdateAlias").Writes()
            .Needs("AliasName", Alias)
            .NeedsKey()
            .Records("AliasName", "KeyId")
            .AnsweredByCore(),
        InKms("DeleteAlias").Writes()
            .Needs("AliasName", Alias)
            .Records("AliasName")
            .AnsweredByCore(),
        InKms("ListAliases").Lists()
            .Paged()
            .AnsweredByCore(),
        InKms("ListAliasesByKeyId").Lists()
            .NeedsKey()
            .Paged()
            .Records("KeyId")
            .AnsweredByCore(),
    ];
}

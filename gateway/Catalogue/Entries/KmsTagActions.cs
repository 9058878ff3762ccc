using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Tags. Source: kms-api.md 4, 11.</summary>
internal static class KmsTagActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("TagResource").Writes()
            .Needs("Tags", Tags(10))
            .TakesKey()
            .Takes("SecretName", SecretName)
            .Takes("CertificateId", Uuid)
            .Records("Tags", "KeyId", "SecretName", "CertificateId")
            .AnsweredByCore(),
        InKms("UntagResource").Writes()
            .Needs("TagKeys", Texts(itemMaxLength: 128))
            .TakesKey()
            .Takes("SecretName", SecretName)
            .Takes("CertificateId", Uuid)
            .Records("TagKeys", "KeyId", "SecretName", "CertificateId")
            .AnsweredByCore(),
        InKms("ListResourceTags").Lists()
            .NeedsKey()
            .Records("KeyId")
            .AnsweredByCore(),
        InKms("TagResources").In(Tier.Extension).Writes()
            .Needs("RegionId", Text())
            .Needs("ResourceId", Repeated("ResourceId", 50))
            .Needs("ResourceType", OneOf("key", "secret"))
            .Needs("Tag", TagList(20))
            .Records("RegionId", "ResourceId", "ResourceType", "Tag")
            .AnsweredByCore(),
        InKms("UntagResources").In(Tier.Extension).Writes()
            .Needs("RegionId", Text())
            .Needs("ResourceId", Repeated("ResourceId", 50))
            .Needs("ResourceType", OneOf("key", "secret"))
            .Takes("All", TrueOrFalse, spec => spec.Or(false))
            .Takes("TagKey", Repeated("TagKey", 20, TagSyntax.IsKey))
            .Records("RegionId", "ResourceId", "ResourceType", "All", "TagKey")
            .AnsweredByCore(),
        InKms("ListTagResources").In(Tier.Extension).Lists()
            .Needs("RegionId", Text())
            .Needs("ResourceType", OneOf("key", "secret"))
            .Takes("NextToken", Text())
            .Takes("ResourceId", Repeated("ResourceId", 50))
            .Takes("Tag", TagList(20))
            .Records("RegionId", "ResourceType", "ResourceId", "Tag")
            .AnsweredByCore(),
    ];
}

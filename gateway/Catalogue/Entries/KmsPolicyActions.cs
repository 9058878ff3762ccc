using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Policies of keys and secrets. Source: kms-api.md 4.</summary>
internal static class KmsPolicyActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("GetKeyPolicy").In(Tier.Extension).Reads()
            .NeedsKey()
            .Takes("PolicyName", OneOf("default"), spec => spec.Or("default"))
            .Records("KeyId", "PolicyName")
            .AnsweredByCore(),
        InKms("SetKeyPolicy").In(Tier.Extension).Writes()
            .NeedsKey()
            .Needs("Policy", JsonObject(32768))
            .Takes("PolicyName", OneOf("default"), spec => spec.Or("default"))
            .Records("KeyId", "Policy", "PolicyName")
            .AnsweredByCore(),
        InKms("GetSecretPolicy").In(Tier.Extension).Reads()
            .Needs("SecretName", SecretName)
            .Takes("PolicyName", OneOf("default"), spec => spec.Or("default"))
            .Records("SecretName", "PolicyName")
            .NotYet(),
        InKms("SetSecretPolicy").In(Tier.Extension).Writes()
            .Needs("Policy", JsonObject(32768))
            .Needs("SecretName", SecretName)
            .Takes("PolicyName", OneOf("default"), spec => spec.Or("default"))
            .Records("Policy", "SecretName", "PolicyName")
            .NotYet(),
    ];
}

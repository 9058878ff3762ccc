using KmsGateway.Gateway.Catalogue.Types;
using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>Temporary credentials and identity. Source: ram-sts-api.md.</summary>
internal static class StsActions
{
    public static IEnumerable<ActionBuilder> All() =>
    [
        InSts("AssumeRole").Writes().On(RamResource.RoleOfArn)
            .Needs("RoleArn", Formed(RamSyntax.IsRoleArn))
            .Needs("RoleSessionName", Name(64, RamSyntax.IsSessionNameCharacter, min: 2))
            .Takes("DurationSeconds", Integer(min: 900, max: 43200), spec => spec.Or(3600L))
            .Takes("ExternalId", Name(1224, RamSyntax.IsExternalIdCharacter, min: 2))
            .Takes("Policy", Text(2048, min: 1))
            .Takes("SourceIdentity", Text())
            .Records("RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "SourceIdentity")
            .RecordsAnswer("AssumedRoleUser", "Credentials.AccessKeyId", "Credentials.Expiration")
            .AnsweredByGateway(),
        InSts("AssumeRoleWithOIDC").Writes()
            .Unsigned(because: "unsigned: the OIDC token is the proof, and the trust policy of the role decides")
            .Needs("OIDCProviderArn", Formed(RamSyntax.IsProviderArn))
            .Needs("OIDCToken", Text(20000, min: 4))
            .Needs("RoleArn", Formed(RamSyntax.IsRoleArn))
            .Needs("RoleSessionName", Name(64, RamSyntax.IsSessionNameCharacter, min: 2))
            .Takes("DurationSeconds", Integer(min: 900, max: 43200), spec => spec.Or(3600L))
            .Takes("Policy", Text(2048, min: 1))
            .Records("OIDCProviderArn", "RoleArn", "RoleSessionName", "DurationSeconds", "Policy")
            .RecordsAnswer("AssumedRoleUser", "Credentials.AccessKeyId", "Credentials.Expiration", "OIDCTokenInfo.Subject", "OIDCTokenInfo.Issuer")
            .AnsweredByGateway(),
        InSts("GetCallerIdentity").Reads()
            .NeedsNoPermission(because: "tells callers only who they are")
            .AnsweredByGateway(),
    ];
}

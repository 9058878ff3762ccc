using static KmsGateway.Gateway.Catalogue.ActionBuilder;
using static KmsGateway.Gateway.Catalogue.ParameterTypes;

namespace KmsGateway.Gateway.Catalogue.Entries;

/// <summary>
/// Dedicated instances, access points and what belongs to them: known, checked on <c>*</c>, never answered. Sources:
/// kms-api.md 4, decisions.md D9.
/// </summary>
internal static class KmsOutOfScopeActions
{
    private static readonly ParameterType Permissions =
        TextsOf("RbacPermission/Template/CryptoServiceKeyUser", "RbacPermission/Template/CryptoServiceSecretUser");

    public static IEnumerable<ActionBuilder> All() =>
    [
        InKms("AdvanceEncrypt").Reads()
            .NeedsKey()
            .Needs("Plaintext", Text())
            .Takes("Aad", Base64)
            .Takes("Algorithm", Text())
            .Takes("Iv", Base64)
            .Takes("PaddingMode", Text())
            .OutOfScope(),
        InKms("ListKmsInstances").Lists()
            .Takes("Filters", Objects(10))
            .Takes("PageNumber", Integer(min: 1), spec => spec.Or(1L))
            .Takes("PageSize", Integer(min: 1, max: 100), spec => spec.Or(20L))
            .OutOfScope(),
        InKms("GetKmsInstance").Reads()
            .Needs("KmsInstanceId", Text())
            .OutOfScope(),
        InKms("ConnectKmsInstance").Writes()
            .Needs("KMProvider", Text())
            .Needs("KmsInstanceId", Text())
            .Needs("VSwitchIds", Text())
            .Needs("VpcId", Text())
            .Needs("ZoneIds", Text())
            .OutOfScope(),
        InKms("UpdateKmsInstanceBindVpc").Writes()
            .Needs("BindVpcs", Objects())
            .Needs("KmsInstanceId", Text())
            .OutOfScope(),
        InKms("ReleaseKmsInstance").Writes()
            .Needs("KmsInstanceId", Text())
            .Takes("ForceDeleteWithoutBackup", Flag)
            .OutOfScope(),
        InKms("GetKmsInstanceQuotaInfos").Reads()
            .Takes("KmsInstanceId", Text())
            .Takes("ResourceType", OneOf("key", "secret"))
            .OutOfScope(),
        InKms("GetDefaultKmsInstance").Reads().OutOfScope(),
        InKms("CreateNetworkRule").Writes()
            .Needs("Name", Text())
            .Needs("Type", OneOf("Private"))
            .Takes("Description", Text())
            .Takes("SourcePrivateIp", Texts())
            .OutOfScope(),
        InKms("DescribeNetworkRule").Reads()
            .Needs("Name", Text())
            .OutOfScope(),
        InKms("ListNetworkRules").Lists()
            .Takes("PageNumber", Integer(min: 1), spec => spec.Or(1L))
            .Takes("PageSize", Integer(min: 1, max: 100), spec => spec.Or(20L))
            .OutOfScope(),
        InKms("UpdateNetworkRule").Writes()
            .Needs("Name", Text())
            .Takes("Description", Text())
            .Takes("SourcePrivateIp", Texts())
            .OutOfScope(),
        InKms("DeleteNetworkRule").Writes()
            .Needs("Name", Text())
            .OutOfScope(),
        InKms("CreatePolicy").Writes()
            .Needs("Name", Text())
            .Needs("Permissions", Permissions)
            .Needs("Resources", Texts())
            .Takes("AccessControlRules", JsonObject())
            .Takes("Description", Text())
            .Takes("KmsInstance", Text())
            .OutOfScope(),
        InKms("DescribePolicy").Reads()
            .Needs("Name", Text())
            .OutOfScope(),
        InKms("ListPolicies").Lists()
            .Takes("PageNumber", Integer(min: 1), spec => spec.Or(1L))
            .Takes("PageSize", Integer(min: 1, max: 100), spec => spec.Or(20L))
            .OutOfScope(),
        InKms("UpdatePolicy").Writes()
            .Needs("Name", Text())
            .Takes("AccessControlRules", JsonObject())
            .Takes("Description", Text())
            .Takes("Permissions", Permissions)
            .Takes("Resources", Texts())
            .OutOfScope(),
        InKms("DeletePolicy").Writes()
            .Needs("Name", Text())
            .OutOfScope(),
        InKms("CreateApplicationAccessPoint").Writes()
            .Needs("Name", Text())
            .Needs("Policies", Texts(maxItems: 3))
            .Takes("AuthenticationMethod", OneOf("ClientKey"))
            .Takes("Description", Text(8192))
            .OutOfScope(),
        InKms("DescribeApplicationAccessPoint").Reads()
            .Needs("Name", Text())
            .OutOfScope(),
        InKms("ListApplicationAccessPoints").Lists()
            .Takes("PageNumber", Integer(min: 1), spec => spec.Or(1L))
            .Takes("PageSize", Integer(min: 1, max: 100), spec => spec.Or(20L))
            .OutOfScope(),
        InKms("UpdateApplicationAccessPoint").Writes()
            .Needs("Name", Text())
            .Takes("Description", Text(8192))
            .Takes("Policies", Texts(maxItems: 3))
            .OutOfScope(),
        InKms("DeleteApplicationAccessPoint").Writes()
            .Needs("Name", Text())
            .OutOfScope(),
        InKms("CreateClientKey").Writes()
            .Needs("AapName", Text())
            .Needs("Password", Text())
            .Takes("NotAfter", Text())
            .Takes("NotBefore", Text())
            .OutOfScope(),
        InKms("GetClientKey").Reads()
            .Needs("ClientKeyId", Text())
            .OutOfScope(),
        InKms("ListClientKeys").Lists()
            .Takes("AapName", Text())
            .OutOfScope(),
        InKms("DeleteClientKey").Writes()
            .Needs("ClientKeyId", Text())
            .OutOfScope(),
        InKms("GetManagedDataKey").Reads()
            .Needs("DataKeyName", Text())
            .Takes("DataKeyVersionId", Text())
            .Takes("UseLatest", TrueOrFalse, spec => spec.Or(false))
            .OutOfScope(),
        InKms("ListManagedDataKeyVersions").Lists()
            .Needs("DataKeyName", Text())
            .Takes("PageNumber", Integer(min: 1), spec => spec.Or(1L))
            .Takes("PageSize", Integer(min: 1, max: 100), spec => spec.Or(20L))
            .OutOfScope(),
    ];
}

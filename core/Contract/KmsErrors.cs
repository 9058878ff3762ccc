using System.Collections.Immutable;
using System.Reflection;

namespace KmsGateway.Core.Contract;

/// <summary>
/// The service's half of the error catalogue. Source: kms-api.md section 14; codes, statuses and wording as published.
/// Commercial and dedicated-instance codes that nothing here can raise are left out.
/// </summary>
public static class KmsErrors
{
    private const string Catalogue = "kms-api.md 14";

    /// <summary><c>InternalFailure</c>, 500.</summary>
    public static readonly KmsError InternalFailure =
        new("InternalFailure", 500, "Internal Failure.", Catalogue);

    /// <summary><c>ServiceUnavailableTemporary</c>, 503.</summary>
    public static readonly KmsError ServiceUnavailableTemporary =
        new("ServiceUnavailableTemporary", 503, "Service Unavailable Temporary.", Catalogue);

    /// <summary><c>MissingParameter</c>, 400.</summary>
    public static readonly KmsError MissingParameter =
        new("MissingParameter", 400, "The parameter \"{0}\" is needed but not provided.", Catalogue);

    /// <summary><c>InvalidParameter</c>, 400.</summary>
    public static readonly KmsError InvalidParameter =
        new("InvalidParameter", 400, "The specified parameter \"{0}\" is not valid.", Catalogue);

    /// <summary><c>UnsupportedOperation</c>, 400.</summary>
    public static readonly KmsError UnsupportedOperation =
        new("UnsupportedOperation", 400, "This action is not supported.", Catalogue);

    /// <summary><c>Rejected.UnsupportedOperation</c>, 400.</summary>
    public static readonly KmsError RejectedUnsupportedOperation =
        new("Rejected.UnsupportedOperation", 400, "Unsupported operation.", Catalogue);

    /// <summary><c>Forbidden.NoPermission</c>, 403.</summary>
    public static readonly KmsError NoPermission =
        new("Forbidden.NoPermission", 403, "This operation for {0} is forbidden by permission system.", Catalogue);

    /// <summary><c>Forbidden.KeyNotFound</c>, 404.</summary>
    public static readonly KmsError KeyNotFound =
        new("Forbidden.KeyNotFound", 404, "The specified Key is not found.", Catalogue);

    /// <summary><c>Forbidden.KeyVersionNotFound</c>, 404.</summary>
    public static readonly KmsError KeyVersionNotFound =
        new("Forbidden.KeyVersionNotFound", 404, "The specified Key version is not found.", Catalogue);

    /// <summary><c>Forbidden.AliasNotFound</c>, 404.</summary>
    public static readonly KmsError AliasNotFound =
        new("Forbidden.AliasNotFound", 404, "The specified Alias is not found.", Catalogue);

    /// <summary><c>AliasAlreadyExists</c>, 400.</summary>
    public static readonly KmsError AliasAlreadyExists =
        new("AliasAlreadyExists", 400, "AliasName Already Exists.", Catalogue);

    /// <summary><c>Unsupported.Alias</c>, 400.</summary>
    public static readonly KmsError UnsupportedAlias =
        new("Unsupported.Alias", 400, "Alias is not valid for this api.", Catalogue);

    /// <summary><c>Unsupported.Origin</c>, 400.</summary>
    public static readonly KmsError UnsupportedOrigin =
        new("Unsupported.Origin", 400, "This key origin is not valid for this api.", Catalogue);

    /// <summary><c>Unsupported.ProtectionLevel</c>, 400.</summary>
    public static readonly KmsError UnsupportedProtectionLevel =
        new("Unsupported.ProtectionLevel", 400, "This protection level is not valid for this region", Catalogue);

    /// <summary><c>InvalidKeyMaterial</c>, 400.</summary>
    public static readonly KmsError InvalidKeyMaterial =
        new("InvalidKeyMaterial", 400, "key material is invalid.", Catalogue);

    /// <summary><c>InvalidImportToken</c>, 400.</summary>
    public static readonly KmsError InvalidImportToken =
        new("InvalidImportToken", 400, "import token is invalid.", Catalogue);

    /// <summary><c>ExpiredImportToken</c>, 400.</summary>
    public static readonly KmsError ExpiredImportToken =
        new("ExpiredImportToken", 400, "import token is expired.", Catalogue);

    /// <summary><c>Rejected.LimitExceeded</c>, 400.</summary>
    public static readonly KmsError RejectedLimitExceeded =
        new("Rejected.LimitExceeded", 400, "The request was rejected because user create resource limit was exceeded.", Catalogue);

    /// <summary><c>Rejected.Disabled</c>, 409.</summary>
    public static readonly KmsError RejectedDisabled =
        new("Rejected.Disabled", 409, "The request was rejected because the key state is Disabled.", Catalogue);

    /// <summary><c>Rejected.PendingDeletion</c>, 409.</summary>
    public static readonly KmsError RejectedPendingDeletion =
        new("Rejected.PendingDeletion", 409, "The request was rejected because the key state is PendingDeletion.", Catalogue);

    /// <summary><c>Rejected.PendingImport</c>, 409.</summary>
    public static readonly KmsError RejectedPendingImport =
        new("Rejected.PendingImport", 409, "The request was rejected because the key state is PendingImport.", Catalogue);

    /// <summary><c>Rejected.StateModifiedFailed</c>, 409.</summary>
    public static readonly KmsError RejectedStateModifiedFailed =
        new("Rejected.StateModifiedFailed", 409, "Keystate modified failed.", Catalogue);

    /// <summary><c>Rejected.Unavailable</c>, 409.</summary>
    public static readonly KmsError RejectedUnavailable =
        new("Rejected.Unavailable", 409, "The request was rejected because the key state is Unavailable.", Catalogue);

    /// <summary><c>Rejected.Throttling</c>, 429.</summary>
    public static readonly KmsError RejectedThrottling =
        new("Rejected.Throttling", 429, "QPS Limit Exceeded", Catalogue);

    /// <summary><c>Throttling</c>, 400.</summary>
    public static readonly KmsError Throttling =
        new("Throttling", 400, "Request was denied due to request throttling.", Catalogue);

    /// <summary><c>Forbidden.ResourceNotFound</c>, 404.</summary>
    public static readonly KmsError ResourceNotFound =
        new("Forbidden.ResourceNotFound", 404, "Resource not found.", Catalogue);

    /// <summary><c>Rejected.ResourceExist</c>, 409.</summary>
    public static readonly KmsError RejectedResourceExist =
        new("Rejected.ResourceExist", 409, "The resource already exists.", Catalogue);

    /// <summary><c>Rejected.ResourceInDeleteWindow</c>, 409.</summary>
    public static readonly KmsError RejectedResourceInDeleteWindow =
        new("Rejected.ResourceInDeleteWindow", 409, "The secret is planned to be deleted.", Catalogue);

    /// <summary><c>Rejected.ResourceInUse</c>, 409.</summary>
    public static readonly KmsError RejectedResourceInUse =
        new("Rejected.ResourceInUse", 409, "restore normal secret", Catalogue);

    /// <summary><c>Rejected.InvalidRequest</c>, 400.</summary>
    public static readonly KmsError RejectedInvalidRequest =
        new("Rejected.InvalidRequest", 400, "param mismatch", Catalogue);

    /// <summary><c>Certificate.NotFound</c>, 404.</summary>
    public static readonly KmsError CertificateNotFound =
        new("Certificate.NotFound", 404, "The specified certificate is not found.", Catalogue);

    /// <summary><c>InvalidParameter.TagKey</c>, 400.</summary>
    public static readonly KmsError InvalidTagKey =
        new("InvalidParameter.TagKey", 400, "The specified parameter is not valid.", Catalogue);

    /// <summary><c>InvalidParameter.TagValue</c>, 400.</summary>
    public static readonly KmsError InvalidTagValue =
        new("InvalidParameter.TagValue", 400, "The specified parameter is not valid.", Catalogue);

    /// <summary><c>Duplicate.TagKey</c>, 400.</summary>
    public static readonly KmsError DuplicateTagKey =
        new("Duplicate.TagKey", 400, "The specified tagKey is duplicate.", Catalogue);

    /// <summary><c>InvalidResourceId.NotFound</c>, 404.</summary>
    public static readonly KmsError ResourceIdNotFound =
        new("InvalidResourceId.NotFound", 404, "The specified ResourceId is not found.", Catalogue);

    /// <summary><c>Forbidden.Opened</c>, 400.</summary>
    public static readonly KmsError AlreadyOpened =
        new("Forbidden.Opened", 400, "Your kms service has been opened.", Catalogue);

    /// <summary><c>Forbidden.DKMSInstanceNotFound</c>, 403.</summary>
    public static readonly KmsError DkmsInstanceNotFound =
        new("Forbidden.DKMSInstanceNotFound", 403, "The specified DKMS Instance is not found.", Catalogue);

    /// <summary><c>Forbidden.KeyPolicyUnSupported</c>, 400.</summary>
    public static readonly KmsError KeyPolicyUnsupported =
        new("Forbidden.KeyPolicyUnSupported", 400, "The specified key does not support key policy.", Catalogue);

    /// <summary><c>DryRunOperationError</c>, 400.</summary>
    public static readonly KmsError DryRunOperationError =
        new("DryRunOperationError", 400, "(dry run) the request would have succeeded", Catalogue);

    /// <summary><c>ValidationError</c>, 400.</summary>
    public static readonly KmsError ValidationError =
        new("ValidationError", 400, "(dry run) a parameter is not valid", Catalogue);

    /// <summary><c>AccessDeniedError</c>, 403.</summary>
    public static readonly KmsError AccessDeniedError =
        new("AccessDeniedError", 403, "(dry run) the caller lacks permission", Catalogue);

    /// <summary>Every entry, for the tests that walk the list.</summary>
    public static ImmutableArray<KmsError> All { get; } =
    [
        .. typeof(KmsErrors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(KmsError))
            .Select(field => (KmsError)field.GetValue(null)!),
    ];
}

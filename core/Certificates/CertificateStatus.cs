using System.Collections.Frozen;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Certificates;

internal enum CertificateStatus
{
    None = 0,

    /// <summary>There is a request, and no certificate yet.</summary>
    Pending,
    Active,
    Inactive,

    /// <summary>For ever.</summary>
    Revoked,
}

/// <summary>Which operation a certificate of which status allows. Source: kms-api.md section 4, notes of the certificate actions.</summary>
internal static class CertificateStatusTable
{
    private static readonly KmsError Not = KmsErrors.RejectedUnsupportedOperation;
    private static readonly KmsError Off = KmsErrors.RejectedDisabled;
    private static readonly KmsError Fixed = KmsErrors.RejectedStateModifiedFailed;

    /// <summary>Unverified: codes and cells but "REVOKED: verify only"; no text of the vendor names them. A table of the vendor's would settle it.</summary>
    private static readonly FrozenDictionary<string, Row> Rows = new Dictionary<string, Row>(StringComparer.Ordinal)
    {
        ["GetCertificate"] = new(null, null, null, null),
        ["DescribeCertificate"] = new(null, null, null, null),
        ["DeleteCertificate"] = new(null, null, null, null),
        ["TagResource"] = new(null, null, null, null),
        ["UntagResource"] = new(null, null, null, null),
        ["UploadCertificate"] = new(null, Fixed, Fixed, Fixed),
        ["UpdateCertificateStatus"] = new(Fixed, null, null, Fixed),
        ["CertificatePrivateKeySign"] = new(Not, null, Off, Not),
        ["CertificatePublicKeyVerify"] = new(Not, null, Off, null),
        ["CertificatePublicKeyEncrypt"] = new(Not, null, Off, Not),
        ["CertificatePrivateKeyDecrypt"] = new(Not, null, Off, Not),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Actions => Rows.Keys;

    /// <summary>As answers spell it.</summary>
    public static string NameOf(CertificateStatus status) => status.ToString().ToUpperInvariant();

    /// <summary>What a caller may set; the older pages call the second otherwise.</summary>
    /// <returns>Null for what is none.</returns>
    public static CertificateStatus? Settable(string text) => text switch
    {
        "ACTIVE" => CertificateStatus.Active,
        "INACTIVE" or "DISABLE" or "DISABLED" => CertificateStatus.Inactive,
        "REVOKED" => CertificateStatus.Revoked,
        _ => null,
    };

    /// <summary>The refusal, or null when <paramref name="action"/> may go on.</summary>
    /// <exception cref="KeyNotFoundException">An action without a row: nothing may run on a certificate without one.</exception>
    public static KmsException? Refusal(string action, CertificateStatus status)
    {
        var row = Rows[action];
        var error = status switch
        {
            CertificateStatus.Pending => row.Pending,
            CertificateStatus.Active => row.Active,
            CertificateStatus.Inactive => row.Inactive,
            CertificateStatus.Revoked => row.Revoked,
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a status"),
        };
        return error?.Because($"The request was rejected because the status of the certificate is {NameOf(status)}.");
    }

    private sealed record Row(KmsError? Pending, KmsError? Active, KmsError? Inactive, KmsError? Revoked);
}

using System.Collections.Frozen;

namespace KmsGateway.Policy.Kms;

/// <summary>The permissions of key users, as the vendor divides them from key administrators. Source: ram-policy.md R-EVAL-9.</summary>
internal static class KeyUserPermissions
{
    internal static readonly FrozenSet<string> Permissions = new[]
    {
        "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ExportDataKey", "kms:GenerateAndExportDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo",
        "kms:GetPublicKey", "kms:AsymmetricSign", "kms:AsymmetricVerify", "kms:AsymmetricEncrypt", "kms:AsymmetricDecrypt",
        "kms:GenerateMac", "kms:VerifyMac",
        "kms:DescribeKey", "kms:DescribeKeyVersion", "kms:ListKeyVersions",
    }.ToFrozenSet(StringComparer.Ordinal);
}

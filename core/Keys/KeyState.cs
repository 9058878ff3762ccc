using System.Collections.Frozen;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Keys;

internal enum KeyState
{
    None = 0,
    Enabled,
    Disabled,
    PendingDeletion,
    PendingImport,
}

/// <summary>Which operation a key in which state allows. Source: kms-api.md section 5, row by row.</summary>
internal static class KeyStateTable
{
    private static readonly FrozenDictionary<string, Row> Rows = Build(
        Always(
            "CreateKey", "DescribeKey", "ListKeys", "GetParametersForImport", "DeleteKeyMaterial", "DescribeKeyVersion",
            "ListKeyVersions", "DeleteAlias", "ListAliases", "ListAliasesByKeyId", "ListResourceTags", "ListTagResources", "GetKeyPolicy"),
        On(
            null, null, KmsErrors.RejectedPendingDeletion, null,
            "UpdateKeyDescription", "SetDeletionProtection", "UpdateAlias", "TagResource", "UntagResource", "TagResources",
            "UntagResources", "SetKeyPolicy"),
        On(null, null, KmsErrors.RejectedStateModifiedFailed, KmsErrors.RejectedStateModifiedFailed, "EnableKey", "DisableKey"),
        On(null, null, KmsErrors.RejectedStateModifiedFailed, null, "ScheduleKeyDeletion", "ImportKeyMaterial", "CreateAlias"),
        On(
            KmsErrors.RejectedStateModifiedFailed, KmsErrors.RejectedStateModifiedFailed, null, KmsErrors.RejectedStateModifiedFailed,
            "CancelKeyDeletion"),
        On(
            null, KmsErrors.RejectedDisabled, KmsErrors.RejectedPendingDeletion, KmsErrors.RejectedPendingImport,
            "CreateKeyVersion", "UpdateRotationPolicy", "Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext",
            "ExportDataKey", "GenerateAndExportDataKey", "ReEncrypt", "GetPublicKey", "AsymmetricSign", "AsymmetricVerify",
            "AsymmetricEncrypt", "AsymmetricDecrypt", "GenerateMac", "VerifyMac"));

    public static IEnumerable<string> Actions => Rows.Keys;

    /// <summary>The refusal, or null when <paramref name="action"/> may go on.</summary>
    /// <exception cref="KeyNotFoundException">An action without a row: nothing may run on a key without one.</exception>
    public static KmsError? Refusal(string action, KeyState state) => state switch
    {
        KeyState.Enabled => Rows[action].Enabled,
        KeyState.Disabled => Rows[action].Disabled,
        KeyState.PendingDeletion => Rows[action].PendingDeletion,
        KeyState.PendingImport => Rows[action].PendingImport,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not a state"),
    };

    private static (string[] Actions, Row Row) Always(params string[] actions) => (actions, new Row(null, null, null, null));

    private static (string[] Actions, Row Row) On(
        KmsError? enabled, KmsError? disabled, KmsError? pendingDeletion, KmsError? pendingImport, params string[] actions) =>
        (actions, new Row(enabled, disabled, pendingDeletion, pendingImport));

    private static FrozenDictionary<string, Row> Build(params (string[] Actions, Row Row)[] rows) =>
        rows.SelectMany(row => row.Actions, (row, action) => (action, row.Row))
            .ToFrozenDictionary(entry => entry.action, entry => entry.Row, StringComparer.Ordinal);

    private sealed record Row(KmsError? Enabled, KmsError? Disabled, KmsError? PendingDeletion, KmsError? PendingImport);
}

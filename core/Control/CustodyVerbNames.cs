namespace KmsGateway.Core.Control;

/// <summary>Names of the verbs by which backups are made and roots replaced, in both programs.</summary>
public static class CustodyVerbNames
{
    /// <summary><c>{}</c> to <c>{epoch, moved, rootId}</c>.</summary>
    public const string Rewrap = "custody.rewrap";

    /// <summary><c>{target, withRootKey}</c> to <c>{directory, files, epochs}</c>.</summary>
    public const string Backup = "custody.backup";
}

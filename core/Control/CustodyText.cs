using System.Text.Json.Nodes;

namespace KmsGateway.Core.Control;

/// <summary>What the commands of both programs print.</summary>
public static class CustodyText
{
    /// <summary>Of <see cref="CustodyVerbNames.Rewrap"/>.</summary>
    public static IEnumerable<string> Rewrapped(JsonObject result) =>
    [
        $"{result["moved"]} records sealed under epoch {result["epoch"]}; the old root is erased",
        $"root.key is new (rootId {result["rootId"]}): keep a copy of it apart, and make a new backup",
    ];

    /// <summary>Of <see cref="CustodyVerbNames.Backup"/>.</summary>
    public static IEnumerable<string> BackedUp(JsonObject result) =>
        result["files"]!.AsArray().Select(file => $"{file!["name"],-14} {file["bytes"],12} bytes")
            .Append($"backup         {result["directory"]}")
            .Concat(result["epochs"]!.AsArray().Select(epoch => $"opened by      the root.key with rootId {epoch!["rootId"]} (epoch {epoch["epoch"]})"));

    /// <summary>Of a restore.</summary>
    public static IEnumerable<string> Restored(JsonObject result) =>
    [
        $"restored       {string.Join(", ", result["files"]!.AsArray())} of {result["createdAt"]} into {result["dataDirectory"]}",
        .. result["epochs"]!.AsArray().Select(epoch => $"proved         the root of epoch {epoch}"),
        "what was revoked or deleted since then is back: docs/backup.md says what to do",
    ];
}

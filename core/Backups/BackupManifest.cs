using System.Text.Json;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Core.Backups;

/// <summary><c>manifest.json</c> of a backup: what it holds, and what is needed to open it.</summary>
/// <param name="Format">1.</param>
/// <param name="Program">Version of the program that wrote it.</param>
/// <param name="CreatedAt">The instant whose state it holds.</param>
/// <param name="Files">Every file but the manifest.</param>
/// <param name="Epochs">What keys.db is sealed under; empty without keys.db.</param>
public sealed record BackupManifest(
    int Format, string Program, DateTimeOffset CreatedAt, IReadOnlyList<BackupFile> Files, IReadOnlyList<BackupEpoch> Epochs)
{
    /// <summary>Its name in a backup.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The only format there is.</summary>
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>UTF-8 JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="StartupException">1: there is none, it is damaged, or of a newer program.</exception>
    public static BackupManifest Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            throw Refused($"{directory} is no complete backup: it has no {FileName}.");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(path), Json) ?? throw new JsonException("It is null.");
            return manifest.Format == CurrentFormat
                ? manifest
                : throw Refused($"{path} has format {manifest.Format}, this program knows {CurrentFormat}: use a newer program.");
        }
        catch (JsonException exception)
        {
            throw Refused($"{path} is damaged: {exception.Message}");
        }
    }

    internal static StartupException Refused(string message) => new(CoreAdministration.Refused, message);
}

/// <summary>A file of a backup.</summary>
/// <param name="Name">Without a directory.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Schema">Of a database; 0 for other files.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256, long Schema);

/// <summary>An epoch of a backup.</summary>
/// <param name="Epoch">Its number.</param>
/// <param name="RootId">Which root.key opens it: 32 hexadecimal digits, no secret.</param>
/// <param name="Canary">The proof of that root, Base64.</param>
public sealed record BackupEpoch(int Epoch, string RootId, string Canary);

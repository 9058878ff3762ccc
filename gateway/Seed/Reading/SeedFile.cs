using System.Text;
using KmsGateway.Core.Hosting;

namespace KmsGateway.Gateway.Seed.Reading;

/// <summary>Reads a seed, and the files it names, from disk. Every fault ends with exit code 64.</summary>
internal static class SeedFile
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The seed at <paramref name="path"/>: JSON when it ends with <c>.json</c>, YAML when with <c>.yaml</c> or <c>.yml</c>.</summary>
    public static SeedDocument Read(string path)
    {
        var root = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".json" => JsonSeedReader.Read(path, ReadBytes(path)),
            ".yaml" or ".yml" => YamlSeedReader.Read(path, ReadText(path)),
            _ => throw new StartupException(StartupException.BadSettings, $"{path}: a seed's name ends with .yaml, .yml or .json."),
        };
        return SeedReader.Read(root);
    }

    /// <summary>The text of a file that a seed names, relative to the seed.</summary>
    public static (string Path, string Text) ReadNamed(SeedNode name)
    {
        var path = PathOf(name);
        return (path, ReadText(path));
    }

    /// <summary>The bytes of such a file without the line end that editors leave; the caller clears them.</summary>
    public static byte[] ReadSecret(SeedNode name)
    {
        var bytes = ReadBytes(PathOf(name));
        var length = bytes.AsSpan().TrimEnd("\r\n"u8).Length;
        var secret = bytes.AsSpan(0, length).ToArray();
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
        return secret;
    }

    private static string PathOf(SeedNode name) =>
        Path.GetFullPath(name.AsText(), Path.GetDirectoryName(Path.GetFullPath(name.File))!);

    private static string ReadText(string path)
    {
        try
        {
            return Strict.GetString(ReadBytes(path));
        }
        catch (DecoderFallbackException exception)
        {
            throw new StartupException(StartupException.BadSettings, $"{path}: is not UTF-8.", exception);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? File.ReadAllBytes(path)
                : throw new StartupException(StartupException.BadSettings, $"{path}: larger than {MaxBytes} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(StartupException.BadSettings, $"{path}: cannot be read: {exception.Message}", exception);
        }
    }
}

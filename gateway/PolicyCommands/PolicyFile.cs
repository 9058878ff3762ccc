using System.Text;
using System.Text.Json;
using KmsGateway.Core.Hosting;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A policy kept in a file, not yet parsed.</summary>
/// <param name="Path">As the user gave it, or below the folder that the user gave.</param>
/// <param name="Kind">What it is a policy of.</param>
/// <param name="Text">As it stands, a byte order mark included.</param>
internal sealed record PolicyFile(string Path, PolicyKind Kind, string Text)
{
    private const string FormatMember = "format";
    private const string OurFormats = "kmsgateway-";
    private const string SchemaMember = "$schema";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The file, or every <c>*.json</c> below the folder, in ordinal order; in a folder what says that it is something else (a
    /// matrix, golden cases, a JSON Schema) is left out. A kind that is not given is that of a folder named <c>key-policies</c>,
    /// <c>trust-policies</c> and so on, else identity.
    /// </summary>
    public static IReadOnlyList<PolicyFile> ReadAll(string path, PolicyKind? kind)
    {
        if (!Directory.Exists(path))
        {
            return [Read(path, kind)];
        }

        PolicyFile[] files =
        [
            .. Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(file => Read(file, kind)).Where(file => !file.IsSomethingElse()),
        ];
        return files.Length > 0 ? files : throw Fault(path, "holds no policy (*.json).");
    }

    /// <summary>The document; a text that is none ends the command with 64 naming every fault.</summary>
    public PolicyDocument Parse()
    {
        var parsed = PolicyParser.Parse(Text, Kind);
        return parsed.Document ?? throw Fault(
            Path, $"no {PolicyKinds.NameOf(Kind)} policy: {string.Join("; ", parsed.Faults.Select(fault => $"{fault.Reason} at {fault.Pointer} (line {fault.Line}): {fault.Detail}"))}");
    }

    private static PolicyFile Read(string path, PolicyKind? kind)
    {
        try
        {
            if (new FileInfo(path).Length > InputNode.MaxFileBytes)
            {
                throw Fault(path, $"larger than {InputNode.MaxFileBytes} bytes.");
            }

            return new PolicyFile(path, kind ?? KindOfFolder(path), Strict.GetString(File.ReadAllBytes(path)));
        }
        catch (DecoderFallbackException exception)
        {
            throw Fault(path, "no UTF-8 text.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, $"cannot be read: {exception.Message}", exception);
        }
    }

    private static PolicyKind KindOfFolder(string path)
    {
        const string ending = "-policies";
        var folder = new FileInfo(path).Directory?.Name ?? "";
        return folder.EndsWith(ending, StringComparison.Ordinal) ? PolicyKinds.Find(folder[..^ending.Length]) ?? PolicyKind.Identity : PolicyKind.Identity;
    }

    /// <summary>Whether it says what it is; a text that is no JSON says nothing.</summary>
    private bool IsSomethingElse()
    {
        try
        {
            using var document = JsonDocument.Parse(Text);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && (root.TryGetProperty(SchemaMember, out _)
                    || (root.TryGetProperty(FormatMember, out var format)
                        && format.ValueKind == JsonValueKind.String
                        && format.GetString()!.StartsWith(OurFormats, StringComparison.Ordinal)));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static StartupException Fault(string path, string message, Exception? inner = null) =>
        new(StartupException.BadSettings, $"{path}: {message}", inner);
}

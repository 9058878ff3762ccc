using System.Text.Json;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A place in an input file; what is wrong there ends the command with 64, naming file and pointer.</summary>
/// <param name="File">Path as the user gave it.</param>
/// <param name="Pointer">RFC 6901.</param>
/// <param name="Element">What stands there.</param>
internal sealed record InputNode(string File, string Pointer, JsonElement Element)
{
    /// <summary>Larger files are refused unread.</summary>
    public const int MaxFileBytes = 16 * 1024 * 1024;

    public static InputNode Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                throw new StartupException(StartupException.BadSettings, $"{path}: larger than {MaxFileBytes} bytes.");
            }

            using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(path));
            return new InputNode(path, "", document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new StartupException(
                StartupException.BadSettings, $"{path}: no strict JSON, line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(StartupException.BadSettings, $"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    public InputException Fault(string message) => new(File, Pointer, message);

    /// <summary>The member of that name; null when absent.</summary>
    public InputNode? Find(string name)
    {
        Expect(JsonValueKind.Object, "an object");
        return Element.TryGetProperty(name, out var value) ? Below(name, value) : null;
    }

    public InputNode Required(string name) => Find(name) ?? throw Fault($"{name} is missing.");

    /// <summary>Refuses members that the format does not have, and members given twice.</summary>
    public InputNode WithMembers(params string[] known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in Members())
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw value.Fault($"unknown; the nearest known member is {NearestName.Of(name, known)}.");
            }

            if (!seen.Add(name))
            {
                throw value.Fault("given twice.");
            }
        }

        return this;
    }

    public IEnumerable<(string Name, InputNode Value)> Members()
    {
        Expect(JsonValueKind.Object, "an object");
        return Element.EnumerateObject().Select(member => (member.Name, Below(member.Name, member.Value)));
    }

    /// <summary>The members of an object whose names are the caller's own; a name given twice is refused.</summary>
    public IEnumerable<(string Name, InputNode Value)> Entries()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in Members())
        {
            yield return seen.Add(name) ? (name, value) : throw value.Fault("given twice.");
        }
    }

    public IEnumerable<InputNode> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        return Element.EnumerateArray().Select((item, index) => Below(index.ToString(System.Globalization.CultureInfo.InvariantCulture), item));
    }

    public string Text()
    {
        Expect(JsonValueKind.String, "a string");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault("holds half of a surrogate pair.");
        }
    }

    /// <summary>A string, or an array of strings.</summary>
    public IEnumerable<string> Texts() => Element.ValueKind == JsonValueKind.Array ? Items().Select(item => item.Text()) : [Text()];

    private void Expect(JsonValueKind kind, string name)
    {
        if (Element.ValueKind != kind)
        {
            throw Fault($"must be {name}.");
        }
    }

    private InputNode Below(string name, JsonElement element) =>
        new(File, $"{Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", element);
}

/// <summary>What is wrong with an input, and where.</summary>
/// <param name="file">The input, as a person calls it.</param>
/// <param name="pointer">RFC 6901.</param>
/// <param name="reason">One sentence.</param>
internal sealed class InputException(string file, string pointer, string reason)
    : StartupException(BadSettings, $"{file}#{pointer}: {reason}")
{
    public string Pointer { get; } = pointer;

    public string Reason { get; } = reason;
}

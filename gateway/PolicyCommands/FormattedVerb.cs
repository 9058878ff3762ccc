using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KmsGateway.Core.Hosting;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;
using KmsGateway.Gateway.Hosting.Settings;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A verb below <c>policy</c>: an answer in one of the formats that it has, and an exit code.</summary>
/// <param name="name">As it is typed.</param>
/// <param name="description">One sentence.</param>
/// <param name="formats">What <c>--format</c> takes; the first one without it.</param>
internal abstract class FormattedVerb(string name, string description, params string[] formats) : IGatewayCommand
{
    public const string Text = "text";
    public const string Json = "json";
    public const string Sarif = "sarif";

    /// <summary>Exit code when an expectation fails, or a document has an ERROR.</summary>
    public const int Failed = 1;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Command Build(GatewayProcessOptions process)
    {
        var choice = $"{string.Join(", ", formats[..^1])} or {formats[^1]}";
        var format = new Option<string>("--format") { Description = choice, DefaultValueFactory = _ => formats[0] };
        format.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !formats.Contains(token.Value, StringComparer.Ordinal))
            {
                result.AddError($"--format {Quoted.Text(token.Value)}: {name} answers in {choice}.");
            }
        });
        var command = new Command(name, description) { format };
        AddTo(command);
        command.SetAction(parsed => Run(parsed, parsed.GetRequiredValue(format), process.Output));
        return command;
    }

    /// <summary>Adds arguments and options of its own.</summary>
    protected abstract void AddTo(Command command);

    /// <summary>Answers the exit code.</summary>
    protected abstract int Run(ParseResult parsed, string format, TextWriter output);

    protected static void WriteJson(TextWriter output, Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>The file, or the files of the folder that end so, in ordinal order.</summary>
    protected static IReadOnlyList<string> Files(string path, string ending)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] files = [.. Directory.EnumerateFiles(path, $"*{ending}", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new StartupException(StartupException.BadSettings, $"{path}: holds no file that ends with {ending}.");
    }
}

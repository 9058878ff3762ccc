using System.CommandLine;
using System.Text;
using System.Text.Json;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Hosting.CommandLine;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A verb below <c>policy</c>: one path, and text or JSON out.</summary>
internal abstract class PolicyVerb(string name, string description, string argument) : IGatewayCommand
{
    public const int Failed = 1;

    public Command Build(GatewayProcessOptions process)
    {
        var path = new Argument<string>(argument);
        var format = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command(name, description) { path, format };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(path), parsed.GetValue(format) == "json", process.Output));
        return command;
    }

    /// <summary>Answers the exit code.</summary>
    protected abstract int Run(string path, bool isJson, TextWriter output);

    protected static void WriteJson(TextWriter output, Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
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
        return files.Length > 0
            ? files
            : throw new Core.Hosting.StartupException(Core.Hosting.StartupException.BadSettings, $"{path}: holds no file that ends with {ending}.");
    }
}

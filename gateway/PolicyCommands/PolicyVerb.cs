using System.CommandLine;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary>A verb with one path, and text or JSON out.</summary>
internal abstract class PolicyVerb(string name, string description, string argument) : FormattedVerb(name, description, Text, Json)
{
    private readonly Argument<string> path = new(argument);

    protected sealed override void AddTo(Command command) => command.Add(path);

    protected sealed override int Run(ParseResult parsed, string format, TextWriter output) =>
        Run(parsed.GetRequiredValue(path), format == Json, output);

    /// <summary>Answers the exit code.</summary>
    protected abstract int Run(string path, bool isJson, TextWriter output);
}

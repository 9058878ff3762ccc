using System.Text.Json;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy who-can</c>: which of the principals of a file can do something on a resource.</summary>
internal sealed class WhoCanCommand() : PolicyVerb("who-can", "List the principals of a file that can, may or almost can.", "file")
{
    protected override int Run(string path, bool isJson, TextWriter output)
    {
        var file = InputNode.Read(path).WithMembers("policies", "principals", "action", "resource", "context");
        var reader = new QuestionReader(file, new DocumentsInFiles());
        var node = file.Required("resource");
        var resource = reader.Resource(node.Required("arn").Text(), node);
        var call = new SimulatedCall(QuestionReader.Action(file.Required("action")), [resource], QuestionReader.Context(file.Find("context")));
        var found = WhoCan.Find(reader.Principals(), call, resource);
        if (isJson)
        {
            WriteJson(output, writer => Write(writer, found));
            return 0;
        }

        foreach (var entry in found)
        {
            var keys = entry.LeftOver.SelectMany(statement => statement.Conditions).Where(condition => !condition.IsMet)
                .Select(condition => condition.Condition.Key.Text).Distinct(StringComparer.OrdinalIgnoreCase);
            output.WriteLine($"{entry.Ability} {entry.Result.Caller.Label}{(entry.Ability == Ability.Conditional ? $" (depends on {string.Join(", ", keys)})" : "")}");
        }

        return 0;
    }

    private static void Write(Utf8JsonWriter writer, IEnumerable<WhoCanEntry> found)
    {
        writer.WriteStartArray("principals");
        foreach (var entry in found)
        {
            writer.WriteStartObject();
            writer.WriteString("principal", entry.Result.Caller.Label);
            writer.WriteString("ability", entry.Ability.ToString());
            writer.WritePropertyName("result");
            SimulationWriter.Write(writer, entry.Result, ExplainDetail.Deciding);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

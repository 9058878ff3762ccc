using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.PolicyCommands;

/// <summary><c>policy simulate</c>: the calls of one file, each with its reasons; exit code 1 when an expected decision differs.</summary>
internal sealed class SimulateCommand() : PolicyVerb("simulate", "Judge the calls of a file and tell why.", "file")
{
    /// <summary>Calls of one question. Source: simulator.md 3.</summary>
    public const int MaxCalls = 100;

    protected override int Run(string path, bool isJson, TextWriter output)
    {
        var file = InputNode.Read(path).WithMembers("policies", "principal", "resources", "calls", "context", "expect");
        var reader = new QuestionReader(file, new DocumentsInFiles());
        var caller = reader.Principal(file.Required("principal").Required("arn").Text(), file.Required("principal"));
        var answer = PolicySimulator.Simulate(caller, Calls(file, reader.Resources()));
        var isMet = file.Find("expect") is not { } expect || QuestionReader.Verdict(expect) == answer.Verdict;
        if (isJson)
        {
            WriteJson(output, writer => SimulationWriter.Write(writer, answer, ExplainDetail.Deciding));
        }
        else
        {
            foreach (var result in answer.Results)
            {
                output.WriteLine($"{result.Decision.Verdict} {result.Call.Action} {result.Resource.Asked}: {result.Text}");
            }

            output.WriteLine(answer.Verdict);
        }

        return isMet ? 0 : Failed;
    }

    private static ImmutableArray<SimulatedCall> Calls(InputNode file, ImmutableArray<SimulatedResource> resources)
    {
        var node = file.Required("calls");
        var common = QuestionReader.Context(file.Find("context"));
        ImmutableArray<SimulatedCall> calls = [.. node.Items().Select(call => Call(call, common, resources))];
        return calls.Length is > 0 and <= MaxCalls ? calls : throw node.Fault($"holds 1 to {MaxCalls} calls.");
    }

    private static SimulatedCall Call(InputNode node, ConditionContext common, ImmutableArray<SimulatedResource> resources)
    {
        node.WithMembers("action", "resources", "context");
        ImmutableArray<SimulatedResource> asked =
        [
            .. node.Required("resources").Items().Select(item =>
                resources.FirstOrDefault(resource => resource.Asked == item.Text()) ?? throw item.Fault("names no resource of the member resources.")),
        ];
        if (asked.IsEmpty)
        {
            throw node.Required("resources").Fault("needs at least one resource.");
        }

        var own = QuestionReader.Context(node.Find("context"));
        var kept = common.Entries.Where(entry => !own.Entries.Any(closer => closer.Key.Equals(entry.Key, StringComparison.Ordinal)));
        return new SimulatedCall(QuestionReader.Action(node.Required("action")), asked, new ConditionContext([.. kept, .. own.Entries]));
    }
}

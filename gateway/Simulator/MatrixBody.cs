using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>A principal of a grid: one that is there, or one that the body describes.</summary>
/// <param name="Label">What cells and expectations call it.</param>
/// <param name="Real">By its ARN.</param>
/// <param name="Described">With its policies.</param>
internal sealed record MatrixPrincipal(string Label, PrincipalName? Real, SimulatedPrincipal? Described);

/// <summary>A resource of a grid: one that is looked up, or one that the body describes and that is judged as written.</summary>
/// <param name="Label">What cells and expectations call it.</param>
/// <param name="Real">As asked.</param>
/// <param name="Described">With its tags and policy.</param>
internal sealed record MatrixResource(string Label, AskedResource? Real, SimulatedResource? Described);

/// <summary>
/// The body of <c>POST /policy/matrix</c>: a <c>*.matrix.json</c> file with its documents in place, or lists of what is really there,
/// or both mixed. Read and checked; nothing is looked up. Source: simulator.md 5, docs/simulator.md.
/// </summary>
internal sealed record MatrixBody(
    ImmutableArray<MatrixPrincipal> Principals,
    ImmutableArray<SimulatedAction> Actions,
    ImmutableArray<MatrixResource> Resources,
    ImmutableArray<MatrixContext> Contexts,
    ImmutableArray<MatrixExpectation> Expectations,
    InputNode Place)
{
    public static MatrixBody Read(SimulatorRequest request, GatewayOptions options)
    {
        var body = request.Body.WithMembers("format", "about", "policies", "principals", "actions", "resources", "contexts", "expect");
        var format = body.Find("format");
        if (format is not null && format.Text() != MatrixFile.Format)
        {
            throw format.Fault($"must be {MatrixFile.Format}.");
        }

        var reader = new QuestionReader(body, new GivenDocuments());
        var read = new MatrixBody(
            [.. Named(body.Required("principals")).Select(entry => Principal(reader, entry.Name, entry.Value))],
            [.. body.Required("actions").Items().SelectMany(node => ReadActions(node, isFile: format is not null))],
            [.. Named(body.Required("resources")).Select(entry => Resource(reader, entry.Name, entry.Value, request.Caller.AccountId, options.Region))],
            [.. ReadContexts(body.Find("contexts"), format is null ? request.Call.ReceivedAt : null)],
            MatrixFile.Expectations(body),
            body);
        MatrixFile.RefuseSize(body, read.ToQuestion([.. read.Principals.Select(_ => (SimulatedPrincipal)null!)], [.. read.Resources.Select(_ => (SimulatedResource)null!)]));
        return read;
    }

    public MatrixQuestion ToQuestion(ImmutableArray<SimulatedPrincipal> principals, ImmutableArray<SimulatedResource> resources) => new(
        principals,
        [.. Actions.Select(action => action.Name)],
        resources,
        Contexts,
        Expectations);

    /// <summary>Names with what they stand for; in a list each stands for itself.</summary>
    private static IEnumerable<(string Name, InputNode Value)> Named(InputNode node)
    {
        if (node.Element.ValueKind != JsonValueKind.Array)
        {
            return node.Entries();
        }

        InputNode[] items = [.. node.Items()];
        var twice = items.GroupBy(item => item.Text(), StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? items.Select(item => (item.Text(), item)) : throw twice.Last().Fault("given twice.");
    }

    private static MatrixPrincipal Principal(QuestionReader reader, string label, InputNode node) => IsText(node)
        ? new MatrixPrincipal(label, PrincipalName.Read(node), null)
        : new MatrixPrincipal(label, null, reader.Principal(label, node));

    private static MatrixResource Resource(QuestionReader reader, string label, InputNode node, string account, string region) => IsText(node)
        ? new MatrixResource(label, AskedResource.Read(node, node.Text(), account, region), null)
        : new MatrixResource(label, null, reader.Resource(label, node));

    /// <summary>A file may speak of actions that nobody knows; a question about what is there may not.</summary>
    private static ImmutableArray<SimulatedAction> ReadActions(InputNode node, bool isFile)
    {
        if (isFile)
        {
            return [SimulatedAction.FindOrTake(node)];
        }

        return SimulatedAction.IsPattern(node.Text()) ? SimulatedAction.Expand(node) : [SimulatedAction.Find(node)];
    }

    /// <summary>A file is judged as it is written, without a server or with one; a question about now is asked now.</summary>
    private static IEnumerable<MatrixContext> ReadContexts(InputNode? node, DateTimeOffset? now)
    {
        ConditionContext Context(InputNode? value) => now is { } time ? GivenContext.Read(value, time).Context : QuestionReader.Context(value);
        return node?.Entries().Select(entry => new MatrixContext(entry.Name, Context(entry.Value))) ?? [new MatrixContext("default", Context(null))];
    }

    private static bool IsText(InputNode node) => node.Element.ValueKind == JsonValueKind.String;
}

using System.Collections.Immutable;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Simulation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>One call of a question, its action known and its resources read.</summary>
/// <param name="Index">Place in <c>calls</c>.</param>
/// <param name="Action">One action; a pattern is several calls.</param>
/// <param name="Questions">What it puts to the evaluator; empty when a valid signature is enough.</param>
/// <param name="Context">Condition keys.</param>
internal sealed record PlannedCall(int Index, SimulatedAction Action, ImmutableArray<PlannedQuestion> Questions, GivenContext Context);

/// <summary>The body of <c>POST /policy/simulate</c>, read and checked; nothing is looked up. Source: simulator.md 3.</summary>
/// <param name="Principal">Null in custom mode.</param>
/// <param name="Drafts">Hypothetical policies of the principal.</param>
/// <param name="Overrides">Hypothetical tags and key policies.</param>
/// <param name="Calls">What is asked.</param>
/// <param name="Context">Condition keys of all calls.</param>
/// <param name="Detail">How much is told.</param>
internal sealed record SimulationRequest(
    PrincipalName? Principal,
    PrincipalDrafts Drafts,
    ImmutableArray<ResourceOverride> Overrides,
    ImmutableArray<PlannedCall> Calls,
    GivenContext Context,
    ExplainDetail Detail)
{
    /// <summary>Calls in one request. One more: 400.</summary>
    public const int MaxCalls = 100;

    /// <summary>Results in one answer, patterns expanded. One more: 400.</summary>
    public const int MaxResults = 2_000;

    /// <summary>
    /// Whether anything is supposed that may not be so: with circumstances that are not its own, a caller could find out which
    /// tags and key policies decide.
    /// </summary>
    public bool IsHypothetical => !Drafts.IsEmpty || !Overrides.IsEmpty || Calls.Any(call => call.Context.IsSupposed);

    public static SimulationRequest Read(SimulatorRequest request, GatewayOptions options)
    {
        var body = request.Body.WithMembers("principal", "policies", "replace", "sessionPolicy", "keyPolicies", "calls", "context", "tags", "explain");
        var documents = new GivenDocuments();
        var principal = body.Find("principal") is { } node ? PrincipalName.Read(node) : null;
        var drafts = PrincipalDrafts.Read(body, documents, principal);
        var (account, region) = (request.Caller.AccountId, options.Region);
        var context = GivenContext.Read(body.Find("context"), request.Call.ReceivedAt);
        var overrides = ResourceOverrides.Read(body, documents, (place, text) => AskedResource.Read(place, text, account, region));
        var reader = new CallReader(new CheckPlanner(account, region), context, account, region);
        return new SimulationRequest(principal, drafts, overrides, reader.ReadCalls(body.Required("calls")), context, ReadDetail(body.Find("explain")));
    }

    private static ExplainDetail ReadDetail(InputNode? node) => node?.Text() switch
    {
        null or "deciding" => ExplainDetail.Deciding,
        "none" => ExplainDetail.None,
        "all" => ExplainDetail.All,
        _ => throw node.Fault("must be none, deciding or all."),
    };

    /// <summary>Reads <c>calls</c>, patterns expanded.</summary>
    private sealed class CallReader(CheckPlanner planner, GivenContext common, string account, string region)
    {
        private int results;

        public ImmutableArray<PlannedCall> ReadCalls(InputNode node)
        {
            InputNode[] items = [.. node.Items()];
            return items.Length is > 0 and <= MaxCalls
                ? [.. items.SelectMany(ReadOne)]
                : throw node.Fault($"holds 1 to {MaxCalls} calls.");
        }

        private IEnumerable<PlannedCall> ReadOne(InputNode item, int index)
        {
            item.WithMembers("action", "resources", "context");
            ImmutableArray<AskedResource> resources =
                [.. item.Find("resources")?.Items().Select(resource => AskedResource.Read(resource, resource.Text(), account, region)) ?? []];
            var context = common.With(item.Find("context"));
            return Actions(item.Required("action"), resources).Select(action => Call(item, index, action, resources, context));
        }

        private PlannedCall Call(InputNode item, int index, SimulatedAction action, ImmutableArray<AskedResource> resources, GivenContext context)
        {
            var questions = planner.Plan(item, action, resources);
            results += Math.Max(1, questions.Length);
            return results <= MaxResults
                ? new PlannedCall(index, action, questions, context)
                : throw item.Fault($"an answer has at most {MaxResults} results, patterns expanded.");
        }

        /// <summary>A pattern stands for the actions that can be about the resources at all.</summary>
        private static ImmutableArray<SimulatedAction> Actions(InputNode node, ImmutableArray<AskedResource> resources)
        {
            if (!SimulatedAction.IsPattern(node.Text()))
            {
                return [SimulatedAction.Find(node)];
            }

            var actions = SimulatedAction.Expand(node).Where(action => CheckPlanner.Fits(action, resources)).ToImmutableArray();
            return actions.IsEmpty ? throw node.Fault("covers no known action that is checked on these resources.") : actions;
        }
    }
}

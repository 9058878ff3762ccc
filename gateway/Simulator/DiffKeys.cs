using System.Collections.Immutable;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Analysis;

namespace KmsGateway.Gateway.Simulator;

/// <summary>The keys that the regions of a comparison are counted over: those that are asked about, else all of the account.</summary>
internal sealed class DiffKeys(KeyDirectory directory, ResourceLookup lookup, RolePolicies roles, GatewayOptions options)
{
    /// <summary>Keys of one question. One more: 400.</summary>
    public const int MaxKeys = 1_000;

    /// <summary>The member <c>keys</c>; null when it is absent.</summary>
    public ImmutableArray<PlannedQuestion>? Read(InputNode? node, string account)
    {
        if (node is null)
        {
            return null;
        }

        InputNode[] items = [.. node.Items()];
        var planner = new CheckPlanner(account, options.Region);
        return items.Length <= MaxKeys
            ? [.. items.Select(item => planner.PlanKey(AskedResource.Read(item, item.Text(), account, options.Region)))]
            : throw node.Fault($"holds at most {MaxKeys} keys.");
    }

    /// <summary>Those that exist, each once.</summary>
    public async Task<ImmutableArray<ResolvedQuestion>> FindAsync(Call call, ImmutableArray<PlannedQuestion>? asked)
    {
        var planner = new CheckPlanner(call.Caller.AccountId, options.Region);
        var questions = asked ?? [.. (await directory.AllAsync(call, MaxKeys)).Select(planner.PlanKeyArn)];
        var resolved = await lookup.ResolveAsync(call, questions, [], isBlind: false);
        return [.. resolved.OfType<ResolvedQuestion>().Where(key => key.Descriptor is not null).DistinctBy(key => key.Descriptor!.KeyArn)];
    }

    /// <summary>What decides with the policies of a principal: key policies, and the trust policies of roles.</summary>
    public ImmutableArray<ResourcePolicy> PoliciesOf(ImmutableArray<ResolvedQuestion> keys, string account) =>
    [
        .. keys.Where(key => key.Check.Resource.Policy is not null).Select(key => new ResourcePolicy(key.Check.Resource.Arn, key.Check.Resource.Policy!)),
        .. roles.All(account).Select(role => new ResourcePolicy($"acs:ram::{account}:role/{role.Key}", role.Value)),
    ];
}

using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Forwarding;
using KmsGateway.Gateway.Hosting;
using KmsGateway.Gateway.Pipeline;

namespace KmsGateway.Gateway.Simulator;

/// <summary>The keys of an account, as the core lists them to the gateway itself.</summary>
internal sealed class KeyDirectory(CoreClient core, GatewayOptions options)
{
    private const int PageSize = 100;

    /// <summary>ARNs of at most <paramref name="limit"/> keys.</summary>
    public async Task<ImmutableArray<string>> AllAsync(Call call, int limit)
    {
        var account = call.Caller.AccountId;
        var container = new TicketResource($"acs:kms:{options.Region}:{account}:key", 0, 0);
        var found = ImmutableArray.CreateBuilder<string>();
        var page = 0;
        var isLast = false;
        while (!isLast && found.Count < limit)
        {
            page++;
            using var answer = await core.UseServiceKeyAsync(
                account, container, "ListKeys", new { PageNumber = page, PageSize }, call.RequestId, call.Aborted);
            var arns = answer.RootElement.GetProperty("Keys").GetProperty("Key").EnumerateArray().Select(key => key.GetProperty("KeyArn").GetString()!).ToArray();
            found.AddRange(arns);
            isLast = arns.Length < PageSize;
        }

        return [.. found.Take(limit)];
    }
}

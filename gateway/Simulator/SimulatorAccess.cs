using System.Collections.Immutable;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Simulator;

/// <summary>
/// Whether a caller may ask: the permission of the endpoint, judged as any other, on the principals the question is about, or on
/// <c>*</c> when it is about none.
/// </summary>
internal sealed class SimulatorAccess(IPolicySource policies, Denials denials)
{
    public const string Anything = "*";

    public async Task RequireAsync(Call call, IEnumerable<string> resources)
    {
        if (!await IsAllowedAsync(call, resources))
        {
            throw Deny(call);
        }
    }

    public KmsException Deny(Call call) => denials.Deny(call, isFromCiphertext: false);

    /// <summary>Decides, and leaves the judgement in the call.</summary>
    public async Task<bool> IsAllowedAsync(Call call, IEnumerable<string> resources)
    {
        var identity = await policies.GetAsync(call.Caller, call.Aborted);
        var context = call.Circumstances!.ToContext(call.Caller, ConditionContext.Empty);
        var checks = resources.Distinct(StringComparer.Ordinal)
            .Select(resource => new PolicyCheck(call.Action!.Permission!, resource, context)).ToImmutableArray();
        call.Judgement = Authorizer.Decide(call.Caller, call.Authentication!.Principal!.ToPolicyPrincipal(), identity, checks);
        return call.Judgement.Decision.IsAllowed;
    }
}

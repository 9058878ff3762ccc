using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authorization;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Ram;
using KmsGateway.Gateway.Sts;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Gateway.Pipeline;

/// <summary>A RAM or STS call after authentication: names, authorization, parameters, handler.</summary>
internal sealed class LocalCallRunner
{
    private readonly FrozenDictionary<(string Version, string Action), IActionHandler> handlers;
    private readonly IPolicySource policies;
    private readonly Denials denials;
    private readonly TrustPolicies trusts;

    /// <exception cref="InvalidOperationException">The catalogue and the handlers disagree on what is answered here.</exception>
    public LocalCallRunner(IEnumerable<IActionHandler> handlers, IPolicySource policies, Denials denials, TrustPolicies trusts)
    {
        this.handlers = handlers.ToFrozenDictionary(handler => (handler.Version, handler.Action));
        this.policies = policies;
        this.denials = denials;
        this.trusts = trusts;
        var announced = ActionCatalogue.All.Where(action => action is { Answerer: Answerer.Gateway, IsUnsigned: false }).Select(action => (action.Version, action.Name)).ToHashSet();
        var unmatched = announced.Except(this.handlers.Keys).Concat(this.handlers.Keys.Except(announced)).Select(key => key.Item2).ToArray();
        if (unmatched.Length > 0)
        {
            throw new InvalidOperationException($"the catalogue and the handlers disagree on {string.Join(", ", unmatched)}");
        }
    }

    /// <summary>The members of the answer.</summary>
    public async Task<ReadOnlyMemory<byte>> RunAsync(Call call)
    {
        var action = call.Action!;
        var names = ParameterValidator.ValidateReferences(action, call.Request!.Parameters);
        var context = call.Circumstances!.ToContext(call.Caller, TrustPolicies.ContextOf(action, call.Request.Parameters));
        if (action.NoPermissionBecause is null)
        {
            await AuthorizeAsync(call, RamChecks.Resources(action, names, call.Caller), context);
        }

        if (action.Answerer is Answerer.NotYet or Answerer.OutOfScope)
        {
            ParameterValidator.ValidatePresence(action, call.Request.Parameters);
            throw KmsErrors.UnsupportedOperation.With();
        }

        call.Parameters = ParameterValidator.Validate(action, call.Request.Parameters);

        // Why not the caller's token: a write that has begun is finished, and the trail must hear what came of it.
        var answer = await handlers[(action.Version, action.Name)]
            .HandleAsync(new GatewayActionCall(call.Caller, call.Parameters) { Context = context }, CancellationToken.None);
        return JsonSerializer.SerializeToUtf8Bytes(answer);
    }

    private async Task AuthorizeAsync(Call call, ImmutableArray<string> resources, ConditionContext context)
    {
        var identity = await policies.GetAsync(call.Caller, call.Aborted);
        var checks = resources.Select(resource => new PolicyCheck(
            call.Action!.Permission!, resource, context, trusts.Find(call.Action, resource, call.Caller))).ToImmutableArray();
        call.Judgement = Authorizer.Decide(call.Caller, call.Authentication!.Principal!.ToPolicyPrincipal(), identity, checks);
        if (!call.Judgement.Decision.IsAllowed)
        {
            throw denials.Deny(call, isFromCiphertext: false);
        }
    }
}

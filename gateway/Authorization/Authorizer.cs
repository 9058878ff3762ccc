using System.Collections.Immutable;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Ram;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Authorization;

/// <summary>A decision with what it was made from.</summary>
/// <param name="Caller">Who asked.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Policies">What applied.</param>
/// <param name="Decision">The answer.</param>
internal sealed record Judgement(Identity Caller, AuthorizationRequest Request, IdentityPolicies Policies, Decision Decision)
{
    /// <summary>The check that decided.</summary>
    public PolicyCheck Check => Request.Checks[Decision.Check];

    /// <summary>Whether the check that decided is on a key of another account.</summary>
    public bool IsForeign => Arn.TryParse(Check.Resource, out var arn) && arn.Service == "kms" && arn.Account != Caller.AccountId;

    /// <summary>The same as the caller's account may be told: without the policy and the tags of another account's key.</summary>
    public Judgement ToldToCaller() => IsForeign ? this with { Request = Request with { Checks = [.. Request.Checks.Select(Told)] } } : this;

    /// <summary>What a person calls the policy of a statement: <c>AppKeys v3</c>.</summary>
    public string NameOf(StatementReference statement) => statement.Layer switch
    {
        PolicyLayer.Identity => $"{Policies.Attached[statement.Policy].Name} {Policies.Attached[statement.Policy].Version}",
        PolicyLayer.Resource => "the resource's policy",
        PolicyLayer.Session => "the session policy",
        _ => "a control policy",
    };

    private static PolicyCheck Told(PolicyCheck check) => check with
    {
        ResourcePolicy = null,
        Context = new ConditionContext(check.Context.Entries.Where(entry => !entry.Key.StartsWith(KmsVocabulary.TagKeyPrefix, StringComparison.Ordinal))),
    };

    /// <summary>The story of the decision, made on demand.</summary>
    public Explanation Explain() => PolicyEvaluator.Explain(Policies.Policies, Request, Decision);
}

/// <summary>Builds the request, calls the evaluator, nothing else. Every request is decided; decisions are never kept.</summary>
internal static class Authorizer
{
    public static Judgement Decide(
        Identity caller, PolicyPrincipal principal, IdentityPolicies policies, ImmutableArray<PolicyCheck> checks)
    {
        var request = new AuthorizationRequest(principal, checks);
        return new Judgement(caller, request, policies, PolicyEvaluator.Evaluate(policies.Policies, request));
    }
}

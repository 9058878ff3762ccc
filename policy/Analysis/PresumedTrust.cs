using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>What is taken for granted where policies are looked at by themselves.</summary>
internal static class PresumedTrust
{
    private const string AnyAccount = "1000000000000001";

    /// <summary>A user of the account that owns the resource.</summary>
    internal static PolicyPrincipal CallerOf(string resource) =>
        new(PrincipalType.User, Arn.TryParse(resource, out var arn) ? arn.Account : AnyAccount, "someone");

    /// <summary>A trust policy for the caller's account, where one is asked for (R-EVAL-11).</summary>
    internal static PolicyDocument? Of(WitnessCall call)
    {
        var check = new CheckView(call.Principal, new PolicyCheck(call.Action, call.Resource, call.Context));
        if (!check.IsAssumeRole || !ActionPattern.TryParse("sts:*", out var every))
        {
            return null;
        }

        var account = call.Principal.Account;
        var everybody = new PrincipalEntry(PrincipalKind.Ram, $"acs:ram::{account}:root", RamEntryScope.Account, account, "");
        return new PolicyDocument(PolicyKind.Trust, "", [new Statement
        {
            Sid = null,
            Effect = StatementEffect.Allow,
            Principals = [everybody],
            Actions = [every],
            IsNotAction = false,
            Resources = [],
            IsNotResource = false,
            Conditions = [],
            Span = default,
        }]);
    }
}

using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Evaluation;

/// <summary>A check with its names split, on the stack.</summary>
internal readonly ref struct CheckView
{
    /// <summary>Stands in the account field of what the service itself owns: system policies. Source: ram-sts-api.md, common rules.</summary>
    private const string ServiceOwned = "system";

    internal CheckView(PolicyPrincipal principal, PolicyCheck check)
    {
        Principal = principal;
        Action = new ActionName(check.Action);
        Resource = new ResourceName(check.Resource);
        Context = check.Context;
        Owner = Resource.IsArn && !Resource.Account.SequenceEqual(ServiceOwned) ? Resource.Account : principal.Account;
    }

    internal PolicyPrincipal Principal { get; }

    internal ActionName Action { get; }

    internal ResourceName Resource { get; }

    internal ConditionContext Context { get; }

    /// <summary>The account that owns the resource; for <c>*</c> and for what the service owns the caller's.</summary>
    internal ReadOnlySpan<char> Owner { get; }

    /// <summary>An action and a resource that are names; anything else is denied.</summary>
    internal bool IsWellFormed => Action.IsValid && (Resource.IsArn || Resource.IsNone);

    internal bool IsOwnResource => Principal.Account.Length > 0 && Owner.SequenceEqual(Principal.Account);

    /// <summary><c>sts:AssumeRole</c> on a role (R-EVAL-11).</summary>
    internal bool IsAssumeRole =>
        Action.Text.Equals("sts:AssumeRole", StringComparison.OrdinalIgnoreCase)
        && Resource.IsArn
        && Resource.Service is "ram"
        && Resource.RelativeId.StartsWith("role/", StringComparison.Ordinal);
}

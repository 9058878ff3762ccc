using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Evaluation;

/// <summary>
/// Which principals of other accounts an owner lets know of a key at all. A foreign key is judged with its policy only for those whom
/// that policy names in an Allow; for everybody else it is as if it did not exist, so that nobody can find out by asking
/// whether it does. Sources: ram-policy.md R-EVAL-9, decisions.md D6.
/// </summary>
public static class KeySharing
{
    /// <summary>
    /// Whether an Allow of <paramref name="keyPolicy"/> names the caller, by itself or by its account, for the permission. Its
    /// conditions do not count: whoever is named may learn why a call was refused. No call that
    /// <see cref="PolicyEvaluator"/> allows on a foreign key is refused here.
    /// </summary>
    /// <param name="keyPolicy">A document that was parsed as a key policy; any other names nobody.</param>
    /// <param name="caller">A principal of another account.</param>
    /// <param name="permission"><c>kms:Decrypt</c>.</param>
    public static bool IsNamed(PolicyDocument keyPolicy, PolicyPrincipal caller, string permission)
    {
        ArgumentNullException.ThrowIfNull(keyPolicy);
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(permission);
        var action = new ActionName(permission);
        return keyPolicy.Kind == PolicyKind.Key && action.IsValid && Names(keyPolicy, caller, action);
    }

    /// <summary>
    /// What the account of a caller may be told of another account's key policy: its verdict on the check, as a policy that says
    /// nothing else; null when it is silent. In place of the real one it leads to the same decision.
    /// </summary>
    public static PolicyDocument? Told(PolicyDocument keyPolicy, PolicyPrincipal caller, PolicyCheck check)
    {
        ArgumentNullException.ThrowIfNull(keyPolicy);
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(check);
        var effect = ResourceLayer.Judge(keyPolicy, new CheckView(caller, check)).Verdict switch
        {
            Verdict.Allow => nameof(StatementEffect.Allow),
            Verdict.ExplicitDeny => nameof(StatementEffect.Deny),
            _ => null,
        };
        return effect is null
            ? null
            : PolicyParser.Parse(
                $$$"""{"Version":"1","Statement":[{"Effect":"{{{effect}}}","Action":"{{{check.Action}}}","Resource":"*","Principal":{"RAM":"acs:ram::{{{caller.Account}}}:root"}}]}""",
                PolicyKind.Key).Document ?? throw new ArgumentException("a permission of the key service and a caller with an account", nameof(check));
    }

    private static bool Names(PolicyDocument keyPolicy, PolicyPrincipal caller, ActionName action)
    {
        foreach (var statement in keyPolicy.Statements)
        {
            if (statement.Effect == StatementEffect.Allow
                && StatementMatch.CoversAction(statement, action)
                && PrincipalMatcher.Match(statement, caller) != PrincipalMatch.None)
            {
                return true;
            }
        }

        return false;
    }
}

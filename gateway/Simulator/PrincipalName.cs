using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.PolicyCommands;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Simulator;

/// <summary>A principal as a request names it: <c>root</c>, <c>user/name</c>, <c>role/name</c>, <c>assumed-role/name/session</c>.</summary>
/// <param name="Place">Where it stands in the request.</param>
/// <param name="Text">The ARN as written.</param>
/// <param name="Account">Account id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">User or role name; <c>root</c>.</param>
/// <param name="Session">Name of a role session, if one is named.</param>
internal sealed record PrincipalName(InputNode Place, string Text, string Account, PrincipalKind Kind, string Name, string? Session)
{
    /// <exception cref="InputException">It names no principal.</exception>
    public static PrincipalName Read(InputNode node)
    {
        var text = node.Text();
        if (Arn.TryParse(text, out var arn) && arn is { Service: "ram", Region: "", Account.Length: > 0 } && text.AsSpan().IndexOfAny('*', '?') < 0)
        {
            switch (arn.RelativeId.Split('/'))
            {
                case ["root"]:
                    return new PrincipalName(node, text, arn.Account, PrincipalKind.Root, "root", null);
                case ["user", { Length: > 0 } name]:
                    return new PrincipalName(node, text, arn.Account, PrincipalKind.User, name, null);
                case ["role", { Length: > 0 } name]:
                    return new PrincipalName(node, text, arn.Account, PrincipalKind.RoleSession, name, null);
                case ["assumed-role", { Length: > 0 } name, { Length: > 0 } session]:
                    return new PrincipalName(node, text, arn.Account, PrincipalKind.RoleSession, name, session);
            }
        }

        throw node.Fault("must be acs:ram::<account>:root, :user/<name>, :role/<name> or :assumed-role/<name>/<session>.");
    }

    /// <summary>
    /// Whether this is whoever asks. Why the session has to be named: the role alone may do more than a session that is narrowed,
    /// and what it may do is not the session's to learn.
    /// </summary>
    public bool Is(Identity caller) =>
        Kind == caller.Kind && Account == caller.AccountId && Name == caller.Name && Session == caller.SessionName;

    /// <summary>
    /// What the permission to ask about it is judged on. Why the caller's account whatever is written: whether a foreign principal
    /// is there is no more told than whether an unknown one is.
    /// </summary>
    public string ResourceFor(Identity caller) => Kind switch
    {
        PrincipalKind.Root => $"acs:ram::{caller.AccountId}:root",
        PrincipalKind.User => $"acs:ram::{caller.AccountId}:user/{Name}",
        _ => $"acs:ram::{caller.AccountId}:role/{Name}",
    };
}

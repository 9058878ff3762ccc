using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Analysis;

/// <summary>An account as a step would leave it.</summary>
/// <param name="Step">The step.</param>
/// <param name="Account">The account after it.</param>
internal sealed record EscalationMove(EscalationStep Step, AccountSnapshot Account);

/// <summary>The steps that raise rights: who must be allowed what, and what the account is after it.</summary>
internal sealed class EscalationRules(AccountCalls calls)
{
    private const string NewPolicy = "anything";

    private static readonly PolicyDocument Everything = Parse("""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""", PolicyKind.Identity);

    /// <summary>The ways in which <paramref name="actor"/> takes the place of <paramref name="target"/>: one step, or two.</summary>
    internal IEnumerable<(ImmutableArray<EscalationStep> Steps, AccountSnapshot Account)> WaysToBecome(AccountSnapshot account, AccountIdentity actor, AccountIdentity target)
    {
        var arn = account.Arn(target.Text);
        if (target.Type == PrincipalType.User)
        {
            foreach (var rule in new[] { "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile" })
            {
                if (Step(account, actor, rule, $"acts as {target.Text}", ($"ram:{rule}", [arn])) is { } step)
                {
                    yield return ([step], account);
                }
            }

            yield break;
        }

        var role = account.Roles.First(one => string.Equals(one.Name, target.Name, StringComparison.Ordinal));
        if (Step(account, actor, "AssumeRole", $"acts as {target.Text}", (CallSpace.AssumeRole, [arn])) is { } assume)
        {
            yield return ([assume], account);
        }

        var hasService = role.Trust.Statements.Any(statement => statement.Effect == StatementEffect.Allow && statement.Principals.Any(entry => entry.Kind == PrincipalKind.Service));
        if (hasService && Step(account, actor, "PassRole", $"a product that {target.Text} trusts acts as it on the caller's behalf", ("ram:PassRole", [arn])) is { } pass)
        {
            yield return ([pass], account);
        }

        var trusting = WithTrust(account, role, Parse($$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"{{account.Arn(actor.Text)}}"},"Action":"sts:AssumeRole"}]}""", PolicyKind.Trust));
        if (Step(account, actor, "UpdateRole", $"{target.Text} trusts {actor.Text}", ("ram:UpdateRole", [arn])) is { } update
            && Step(trusting, actor, "AssumeRole", $"acts as {target.Text}", (CallSpace.AssumeRole, [arn])) is { } then)
        {
            yield return ([update, then], trusting);
        }
    }

    /// <summary>The ways in which <paramref name="actor"/> changes what applies to <paramref name="target"/>.</summary>
    internal IEnumerable<EscalationMove> WaysToChange(AccountSnapshot account, AccountIdentity actor, AccountIdentity target) =>
        AttachedExisting(account, actor, target)
            .Concat(AttachedNew(account, actor, target))
            .Concat(Detached(account, actor, target))
            .Concat(Versions(account, actor, target))
            .Concat(Groups(account, actor, target))
            .Concat(KeyPolicies(account, actor, target));

    /// <summary>A step whose calls are all allowed; null otherwise.</summary>
    internal EscalationStep? Step(AccountSnapshot account, AccountIdentity actor, string rule, string effect, params ReadOnlySpan<(string Action, ImmutableArray<string> Resources)> needed)
    {
        var all = ImmutableArray.CreateBuilder<EscalationCall>();
        foreach (var (action, resources) in needed)
        {
            if (calls.TryCall(account, actor, action, resources) is not { } allowed)
            {
                return null;
            }

            all.AddRange(allowed);
        }

        return new EscalationStep(rule, actor.Text, effect, all.ToImmutable());
    }

    private static PolicyDocument Parse(string text, PolicyKind kind) =>
        PolicyParser.Parse(text, kind).Document ?? throw new InvalidOperationException($"{text} is no {kind} policy.");

    /// <summary>Where policies can be attached so that they apply to the target: itself and its groups.</summary>
    private static IEnumerable<string> Holders(AccountSnapshot account, AccountIdentity target) =>
        account.Users.Where(user => target == new AccountIdentity(PrincipalType.User, user.Name)).SelectMany(user => user.Groups).Select(group => $"group/{group}").Prepend(target.Text);

    private static string Suffix(string holder) => holder.Split('/')[0] switch { "user" => "User", "group" => "Group", _ => "Role" };

    private static AccountSnapshot WithTrust(AccountSnapshot account, AccountRole role, PolicyDocument trust) =>
        account with { Roles = account.Roles.Replace(role, role with { Trust = trust }) };

    private static AccountSnapshot WithAttached(AccountSnapshot account, string holder, Func<ImmutableArray<string>, ImmutableArray<string>> change) => account with
    {
        Users = [.. account.Users.Select(user => string.Equals($"user/{user.Name}", holder, StringComparison.Ordinal) ? user with { Policies = change(user.Policies) } : user)],
        Groups = [.. account.Groups.Select(group => string.Equals($"group/{group.Name}", holder, StringComparison.Ordinal) ? group with { Policies = change(group.Policies) } : group)],
        Roles = [.. account.Roles.Select(role => string.Equals($"role/{role.Name}", holder, StringComparison.Ordinal) ? role with { Policies = change(role.Policies) } : role)],
    };

    private static AccountSnapshot WithVersion(AccountSnapshot account, AccountPolicy policy, string version, PolicyDocument document)
    {
        var versions = policy.Versions.RemoveAll(one => string.Equals(one.Key, version, StringComparison.Ordinal)).Add(KeyValuePair.Create(version, document));
        return account with { Policies = account.Policies.Replace(policy, policy with { DefaultVersion = version, Versions = versions }) };
    }

    private static IEnumerable<EscalationMove> Move(EscalationStep? step, Func<AccountSnapshot> after) => step is null ? [] : [new EscalationMove(step, after())];

    /// <summary>The widest policies first, so that the first that gains anything gains most.</summary>
    private IEnumerable<EscalationMove> AttachedExisting(AccountSnapshot account, AccountIdentity actor, AccountIdentity target) =>
        from holder in Holders(account, target)
        from policy in account.Policies.OrderByDescending(one => one.Document.Statements.Any(statement => statement.Effect == StatementEffect.Allow && statement.Actions.Any(action => action.IsAny)))
        where !account.PoliciesOf(target).Any(one => one.Policy == policy)
        let rule = $"AttachPolicyTo{Suffix(holder)}"
        from move in Move(
            Step(account, actor, rule, $"attaches {policy.Name} to {holder}", ($"ram:{rule}", [account.Arn(holder), account.Arn($"policy/{policy.Name}", policy.IsSystem)])),
            () => WithAttached(account, holder, names => names.Add(policy.Name)))
        select move;

    private IEnumerable<EscalationMove> AttachedNew(AccountSnapshot account, AccountIdentity actor, AccountIdentity target) =>
        from holder in account.PolicyOf(NewPolicy) is null ? Holders(account, target) : []
        let rule = $"AttachPolicyTo{Suffix(holder)}"
        from move in Move(
            Step(
                account,
                actor,
                "CreatePolicy",
                $"attaches a new policy that allows everything to {holder}",
                ("ram:CreatePolicy", [account.Arn("policy/*")]),
                ($"ram:{rule}", [account.Arn(holder), account.Arn($"policy/{NewPolicy}")])),
            () => WithAttached(account with { Policies = account.Policies.Add(new AccountPolicy(NewPolicy, "v1", [KeyValuePair.Create("v1", Everything)])) }, holder, names => names.Add(NewPolicy)))
        select move;

    /// <summary>A policy with a Deny, taken off.</summary>
    private IEnumerable<EscalationMove> Detached(AccountSnapshot account, AccountIdentity actor, AccountIdentity target) =>
        from attached in account.PoliciesOf(target)
        where attached.Policy.Document.Statements.Any(statement => statement.Effect == StatementEffect.Deny)
        let rule = $"DetachPolicyFrom{Suffix(attached.AttachedTo)}"
        from move in Move(
            Step(account, actor, rule, $"takes {attached.Policy.Name} from {attached.AttachedTo}", ($"ram:{rule}", [account.Arn(attached.AttachedTo), account.Arn($"policy/{attached.Policy.Name}", attached.Policy.IsSystem)])),
            () => WithAttached(account, attached.AttachedTo, names => names.Remove(attached.Policy.Name)))
        select move;

    private IEnumerable<EscalationMove> Versions(AccountSnapshot account, AccountIdentity actor, AccountIdentity target)
    {
        foreach (var policy in account.PoliciesOf(target).Select(one => one.Policy).Distinct().Where(policy => !policy.IsSystem))
        {
            ImmutableArray<string> arn = [account.Arn($"policy/{policy.Name}")];
            var created = Move(
                Step(account, actor, "CreatePolicyVersion", $"lets {policy.Name} allow everything, as a new default version", ("ram:CreatePolicyVersion", arn)),
                () => WithVersion(account, policy, "new", Everything));
            var switched = policy.Versions.Where(version => !string.Equals(version.Key, policy.DefaultVersion, StringComparison.Ordinal)).SelectMany(version => Move(
                Step(account, actor, "SetDefaultPolicyVersion", $"lets {version.Key} of {policy.Name} count", ("ram:SetDefaultPolicyVersion", arn)),
                () => WithVersion(account, policy, version.Key, version.Value)));
            foreach (var move in created.Concat(switched))
            {
                yield return move;
            }
        }
    }

    private IEnumerable<EscalationMove> Groups(AccountSnapshot account, AccountIdentity actor, AccountIdentity target) =>
        from user in account.Users
        where target == new AccountIdentity(PrincipalType.User, user.Name)
        from @group in account.Groups
        let isMember = user.Groups.Contains(@group.Name)
        let rule = isMember ? "RemoveUserFromGroup" : "AddUserToGroup"
        from move in Move(
            Step(account, actor, rule, $"{(isMember ? "takes" : "puts")} {target.Text} {(isMember ? "out of" : "into")} {@group.Name}", ($"ram:{rule}", [account.Arn(target.Text), account.Arn($"group/{@group.Name}")])),
            () => account with { Users = account.Users.Replace(user, user with { Groups = isMember ? user.Groups.Remove(@group.Name) : user.Groups.Add(@group.Name) }) })
        select move;

    private IEnumerable<EscalationMove> KeyPolicies(AccountSnapshot account, AccountIdentity actor, AccountIdentity target) =>
        from key in account.Keys
        from move in Move(
            Step(account, actor, "SetKeyPolicy", $"lets the policy of {key.Arn} allow {target.Text} everything", ("kms:SetKeyPolicy", [key.Arn])),
            () => account with { Keys = account.Keys.Replace(key, key with { Policy = KeyPolicyFor(account, target) }) })
        select move;

    private static PolicyDocument KeyPolicyFor(AccountSnapshot account, AccountIdentity target) =>
        Parse($$"""{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":"{{account.Arn(target.Text)}}"},"Action":"kms:*","Resource":"*"}]}""", PolicyKind.Key);
}

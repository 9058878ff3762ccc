using System.Collections.Frozen;
using System.Collections.Immutable;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>Conditions that do not do what they look like. Sources: ram-policy.md 3 (warnings), R-CND-5, 5.3, R-TAG-2, R-TAG-4.</summary>
internal static class ConditionRules
{
    private static readonly FrozenSet<string> Always = Keys("acs:CurrentTime", "acs:SecureTransport", "acs:MFAPresent", "acs:PrincipalARN");

    private static readonly FrozenSet<string> Known = Keys(
        "acs:CurrentTime", "acs:SecureTransport", "acs:SourceIp", "acs:MFAPresent", "acs:PrincipalARN", "acs:SourceVpc",
        "acs:VpcSourceIp", "acs:ResourceTag", "acs:RequestTag", "acs:PrincipalRDId", "acs:PrincipalRDPath", "acs:UserAgent", "acs:AccessId");

    /// <summary>Known names that no call of the key service carries.</summary>
    private static readonly FrozenSet<string> NeverOurs = Keys("acs:ResourceTag", "acs:RequestTag");

    /// <summary>Names that only calls of the key service carry.</summary>
    private static readonly FrozenSet<string> OnlyOurs = Keys("acs:SourceVpc", "acs:VpcSourceIp");

    internal static void NegatedConditionOnMissingKey(LintContext context)
    {
        foreach (var (at, statement) in context.Statements.Where(entry => entry.Statement.Effect == StatementEffect.Allow))
        {
            var demanded = statement.Conditions.Where(condition => !condition.Operator.IsNegated).ToLookup(condition => Head(condition.Key), StringComparer.OrdinalIgnoreCase);
            foreach (var condition in statement.Conditions.Where(condition => condition.Operator.IsNegated && !Always.Contains(condition.Key.Text)))
            {
                if (!demanded[Head(condition.Key)].Any(other => other.Key.Is(condition.Key.Text)))
                {
                    context.Report("NegatedConditionOnMissingKey", $"{condition.Operator} is met when the request does not carry {PolicyFaultList.Quote(condition.Key.Text)}, and so allows such requests.", LintContext.AtCondition(at, condition));
                }
            }
        }
    }

    internal static void MultipleBooleans(LintContext context)
    {
        foreach (var (at, _, condition) in All(context).Where(entry => entry.Condition.Operator.ValueKind == ConditionValueKind.Boolean && entry.Condition.Values.Length > 1))
        {
            context.Report("MultipleBooleans", "One Boolean is enough: with both, the condition only asks whether the request carries the key.", LintContext.AtCondition(at, condition));
        }
    }

    internal static void UnknownConditionKey(LintContext context)
    {
        foreach (var (at, _, condition) in All(context))
        {
            var key = condition.Key.Text;
            var isOurs = key.StartsWith("acs:", StringComparison.OrdinalIgnoreCase) || key.StartsWith("kms:", StringComparison.OrdinalIgnoreCase);
            if (isOurs && !IsTag(condition) && !Known.Contains(Head(condition.Key)))
            {
                context.Report("UnknownConditionKey", $"{PolicyFaultList.Quote(key)} is no condition key that is known here.", LintContext.AtCondition(at, condition));
            }
        }
    }

    /// <summary>One finding per condition whose key is missing from every call of an action listed.</summary>
    internal static void ConditionKeyNotForAction(LintContext context)
    {
        foreach (var (at, statement, condition) in All(context).Where(entry => !entry.Statement.IsNotAction))
        {
            if (!context.Questions.TryLook(statement.Actions.Length))
            {
                return;
            }

            var without = WithoutKey(context, condition, statement.Actions);
            if (without.Length > 0)
            {
                var key = PolicyFaultList.Quote(condition.Key.Text);
                context.Report("ConditionKeyNotForAction", $"{statement.Actions[without[0]]} never carries {key}, which is missing then.", [LintContext.AtCondition(at, condition), .. without.Select(i => context.AtAction(at, i))]);
            }
        }
    }

    /// <summary>Indices of the actions no call of which carries the key.</summary>
    private static int[] WithoutKey(LintContext context, Condition condition, ImmutableArray<ActionPattern> actions) =>
        [.. Enumerable.Range(0, actions.Length).Where(i => IsWithoutKey(context, condition, actions[i])).Take(PolicyLinter.MaxLocations)];

    private static bool IsWithoutKey(LintContext context, Condition condition, ActionPattern pattern)
    {
        if (IsTag(condition))
        {
            return context.PermissionsOf(pattern) is { IsEmpty: false } found && !found.Any(permission => permission.CarriesTags);
        }

        var head = Head(condition.Key);
        return (NeverOurs.Contains(head) && pattern.IsOfService("kms"))
            || (OnlyOurs.Contains(head) && !pattern.IsAny && !pattern.Service!.IsMatch("kms"));
    }

    private static bool IsTag(Condition condition) =>
        condition.Key.Text.StartsWith(KmsVocabulary.TagKeyPrefix, StringComparison.OrdinalIgnoreCase)
        && condition.Key.Text.Length > KmsVocabulary.TagKeyPrefix.Length;

    /// <summary>The part of a key that is compared without regard to letter case (R-KEY-1).</summary>
    private static string Head(ConditionKey key) => key.Text.Split('/')[0];

    private static FrozenSet<string> Keys(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(int At, Statement Statement, Condition Condition)> All(LintContext context) =>
        context.Statements.SelectMany(entry => entry.Statement.Conditions.Select(condition => (entry.At, entry.Statement, condition)));
}

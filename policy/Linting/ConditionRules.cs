using System.Collections.Frozen;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Kms;

namespace KmsGateway.Policy.Linting;

/// <summary>Conditions that do not do what they look like. Sources: ram-policy.md R-CND-5, 5.3, R-TAG-2.</summary>
internal static class ConditionRules
{
    private static readonly FrozenSet<string> Always =
        new[] { "acs:CurrentTime", "acs:SecureTransport", "acs:MFAPresent", "acs:PrincipalARN" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Known = new[]
    {
        "acs:CurrentTime", "acs:SecureTransport", "acs:SourceIp", "acs:MFAPresent", "acs:PrincipalARN", "acs:SourceVpc",
        "acs:VpcSourceIp", "acs:ResourceTag", "acs:RequestTag", "acs:PrincipalRDId", "acs:PrincipalRDPath", "acs:UserAgent", "acs:AccessId",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal static void NegatedConditionOnMissingKey(LintContext context)
    {
        foreach (var (at, statement, condition) in All(context))
        {
            var isDemanded = statement.Conditions.Any(other => !other.Operator.IsNegated && other.Key.Is(condition.Key.Text));
            if (statement.Effect == StatementEffect.Allow && condition.Operator.IsNegated && !Always.Contains(condition.Key.Text) && !isDemanded)
            {
                context.Report("NegatedConditionOnMissingKey", $"{condition.Operator} is met when the request does not carry {condition.Key}, and so allows such requests.", LintContext.AtCondition(at, condition));
            }
        }
    }

    internal static void MultipleBooleans(LintContext context)
    {
        foreach (var (at, _, condition) in All(context).Where(entry => entry.Condition.Operator.ValueKind == ConditionValueKind.Boolean && entry.Condition.Values.Length > 1))
        {
            context.Report("MultipleBooleans", "Bool takes one value.", LintContext.AtCondition(at, condition));
        }
    }

    internal static void UnknownConditionKey(LintContext context)
    {
        foreach (var (at, _, condition) in All(context))
        {
            var key = condition.Key.Text;
            var isOurs = key.StartsWith("acs:", StringComparison.OrdinalIgnoreCase) || key.StartsWith("kms:", StringComparison.OrdinalIgnoreCase);
            if (isOurs && !IsTag(condition) && !Known.Contains(key.Split('/')[0]))
            {
                context.Report("UnknownConditionKey", $"{PolicyFaultList.Quote(key)} is no condition key that is supplied here.", LintContext.AtCondition(at, condition));
            }
        }
    }

    /// <summary>A tag test reaches only actions that carry tags; each listed action that never does is named.</summary>
    internal static void ConditionKeyNotForAction(LintContext context)
    {
        foreach (var (at, statement, condition) in All(context).Where(entry => IsTag(entry.Condition) && !entry.Statement.IsNotAction))
        {
            for (var i = 0; i < statement.Actions.Length; i++)
            {
                var permissions = Permission.Of(statement.Actions[i]);
                if (!permissions.IsEmpty && !permissions.Any(permission => permission.CarriesTags))
                {
                    context.Report("ConditionKeyNotForAction", $"{statement.Actions[i]} carries no tags, so {PolicyFaultList.Quote(condition.Key.Text)} is always missing.", LintContext.AtCondition(at, condition), context.AtAction(at, i));
                }
            }
        }
    }

    private static bool IsTag(Condition condition) =>
        condition.Key.Text.StartsWith(KmsVocabulary.TagKeyPrefix, StringComparison.OrdinalIgnoreCase)
        && condition.Key.Text.Length > KmsVocabulary.TagKeyPrefix.Length;

    private static IEnumerable<(int At, Statement Statement, Condition Condition)> All(LintContext context) =>
        context.Document.Statements.SelectMany((statement, at) => statement.Conditions.Select(condition => (at, statement, condition)));
}

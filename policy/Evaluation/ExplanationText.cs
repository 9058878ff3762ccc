using System.Globalization;
using KmsGateway.Policy.Conditions;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Evaluation;

/// <summary>The sentence of an explanation, made from the same data.</summary>
internal static class ExplanationText
{
    private const int MaxValues = 3;
    private const int MaxValueLength = 60;

    internal static string DefaultName(StatementReference reference) => reference.Layer == PolicyLayer.Control
        ? string.Create(CultureInfo.InvariantCulture, $"control policy {reference.Policy} of level {reference.Level}")
        : string.Create(CultureInfo.InvariantCulture, $"{NameOf(reference.Layer)} policy {reference.Policy}");

    internal static string Of(Explanation explanation, Func<StatementReference, string> nameOf)
    {
        var decision = explanation.Decision;
        var call = $"{explanation.Check.Action}{On(explanation.Check.Resource)}";
        if (decision.Layer == PolicyLayer.Root)
        {
            return $"Allowed: the root of an account may do {call}, which is its own.";
        }

        if (explanation.DecidedBy is [var first, ..])
        {
            var (word, verb) = decision.IsAllowed ? ("Allowed", "allows") : ("Denied", "denies");
            return $"{word}: {nameOf(first)}, statement {Number(first.Statement)}, {verb} {call}.";
        }

        var lacking = decision.Layer is PolicyLayer.Control or PolicyLayer.Session ? $"{NameOf(decision.Layer)} policy" : "statement";
        var nearest = explanation.Nearest is [var near, ..] ? $" Nearest: {Describe(near, nameOf)}." : "";
        return $"Denied: no {lacking} allows {call}.{nearest}";
    }

    private static string Describe(StatementExplanation near, Func<StatementReference, string> nameOf)
    {
        var sid = near.Statement.Sid is { } name ? $" ({name})" : "";
        var misses = near.Conditions.Where(condition => !condition.IsMet).Select(Describe);
        if (near.Principal is PrincipalOutcome.NoMatch or PrincipalOutcome.AccountWideOnly)
        {
            misses = misses.Prepend(near.Principal == PrincipalOutcome.NoMatch
                ? "does not name the caller"
                : "names the whole account, which leaves the grant to identity policies");
        }

        if (!near.Resource.IsMet)
        {
            misses = misses.Prepend(Describe(near.ResourceMiss));
        }

        return $"{nameOf(near.Reference)}, statement {Number(near.Reference.Statement)}{sid}, which {string.Join(", and ", misses)}";
    }

    private static string Describe(ResourceMiss miss) => miss switch
    {
        ResourceMiss.Service => "names resources of another service",
        ResourceMiss.Region => "names resources of another region",
        ResourceMiss.Account => "names resources of another account",
        ResourceMiss.ResourceType => "names another type of resource",
        ResourceMiss.Container => "takes the container for its items or the items for their container",
        ResourceMiss.AliasInsteadOfKey => "names an alias, where the key behind it is what is checked",
        ResourceMiss.Excluded => "excludes this resource",
        ResourceMiss.Malformed => "can cover no malformed resource",
        _ => "names other resources",
    };

    private static string Describe(ConditionExplanation condition)
    {
        var wanted = $"needs {condition.Condition.Key} {Verb(condition.Condition.Operator)} {Values(condition.Condition.Values)}";
        return condition.Outcome switch
        {
            ConditionOutcome.KeyMissing when condition.Condition.Key.Text.StartsWith("kms:tag/", StringComparison.OrdinalIgnoreCase) =>
                $"{wanted}; the key has no such tag, or none is supplied for this action",
            ConditionOutcome.KeyMissing => $"{wanted}; the request does not carry it",
            ConditionOutcome.TypeError => $"{wanted}; {Values(condition.Found)} cannot be read as that",
            _ => $"{wanted}; it is {Values(condition.Found)}",
        };
    }

    private static string Verb(ConditionOperator op) => (op.ValueKind, op.Comparison, op.IsNegated) switch
    {
        (ConditionValueKind.Pattern, _, false) => "like",
        (ConditionValueKind.Pattern, _, true) => "not like",
        (ConditionValueKind.Address, _, false) => "in",
        (ConditionValueKind.Address, _, true) => "outside",
        (_, ConditionComparison.Less, _) => "<",
        (_, ConditionComparison.LessOrEqual, _) => "<=",
        (_, ConditionComparison.Greater, _) => ">",
        (_, ConditionComparison.GreaterOrEqual, _) => ">=",
        (_, _, true) => "other than",
        _ => "=",
    };

    private static string Values(IReadOnlyList<string> values)
    {
        var shown = string.Join(" or ", values.Take(MaxValues).Select(value => value.Length switch
        {
            0 => "\"\"",
            > MaxValueLength => $"{value[..MaxValueLength]}...",
            _ => value,
        }));
        return values.Count > MaxValues ? $"{shown} or ..." : shown;
    }

    /// <summary><c> on key 0a1b</c>; nothing for a call without a resource.</summary>
    private static string On(string resource)
    {
        if (!Matching.Arn.TryParse(resource, out var arn))
        {
            return resource == "*" ? "" : " on a malformed resource";
        }

        return arn.RelativeId.StartsWith("key/", StringComparison.Ordinal) ? $" on key {arn.RelativeId[4..]}" : $" on {arn.RelativeId}";
    }

    private static string NameOf(PolicyLayer layer) => layer switch
    {
        PolicyLayer.Control => "control",
        PolicyLayer.Session => "session",
        PolicyLayer.Resource => "resource",
        _ => "identity",
    };

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);
}

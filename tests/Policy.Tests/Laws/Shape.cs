using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Tests.Laws;

/// <summary>Everything that two documents mean, their layout left out.</summary>
internal static class Shape
{
    internal static bool AreEqual(PolicyDocument left, PolicyDocument right) =>
        left.Kind == right.Kind && Of(left).SequenceEqual(Of(right), StringComparer.Ordinal);

    private static IEnumerable<string> Of(PolicyDocument document)
    {
        foreach (var statement in document.Statements)
        {
            yield return $"sid {statement.Sid ?? "none"} effect {statement.Effect} not {statement.IsNotAction} {statement.IsNotResource}";
            foreach (var principal in statement.Principals)
            {
                yield return principal.ToString();
            }

            foreach (var text in statement.Actions.Select(action => $"action {action}").Concat(statement.Resources.Select(resource => $"resource {resource}")))
            {
                yield return text;
            }

            foreach (var condition in statement.Conditions)
            {
                yield return $"{condition.Operator} {condition.Key}";
                foreach (var value in condition.Values)
                {
                    yield return $"value {value}";
                }
            }
        }
    }
}

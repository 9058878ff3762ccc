using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>
/// Judges a document before it is stored: the parser's faults as errors, then its meaning by the vocabulary of the key
/// service. Pure; the same text gives the same findings in the same order. Source: simulator.md 7.
/// </summary>
public static class PolicyLinter
{
    private static readonly ImmutableArray<Action<LintContext>> Rules =
    [
        SecurityRules.FullAccess, SecurityRules.AllowNotAction, SecurityRules.DecryptOnAllKeys, SecurityRules.KeyAdminAndUse,
        SecurityRules.SelfEscalation, ConditionRules.NegatedConditionOnMissingKey, ConditionRules.MultipleBooleans,
        ConditionRules.UnknownConditionKey, ConditionRules.ConditionKeyNotForAction, VocabularyRules.UnknownAction,
        VocabularyRules.ResourceOfAction, VocabularyRules.RegionOrAccountForeign, ShapeRules.UnreachableStatement,
        ShapeRules.RedundantAction, ShapeRules.RedundantResource, ShapeRules.DuplicateStatement, ShapeRules.UseWildcardFamily,
        ShapeRules.MissingSid,
    ];

    /// <summary>
    /// Findings on <paramref name="text"/> as a policy of <paramref name="kind"/>; empty when there is nothing to say. A text
    /// that the parser refuses has findings of type ERROR only, and at least one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> names no kind.</exception>
    public static ImmutableArray<Finding> Lint(string text, PolicyKind kind, LintOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parsed = PolicyParser.Parse(text, kind);
        var hasTree = parsed.Faults.All(fault => fault.Reason is not (PolicyFaultReasons.TooLong or PolicyFaultReasons.MalformedJson));
        var places = new LintText(text, hasTree);
        if (parsed.Document is null)
        {
            return [.. parsed.Faults.Select(fault => OfFault(fault, places))];
        }

        var context = new LintContext(parsed.Document, places, options ?? new LintOptions());
        foreach (var rule in Rules)
        {
            rule(context);
        }

        return context.Findings;
    }

    private static Finding OfFault(PolicyFault fault, LintText places)
    {
        var path = places.Path(fault.Pointer);
        var code = FaultCodes.Of(fault, places.Find(path));
        return new Finding(FindingCodes.TypeOf(code), code, fault.Detail, [places.Locate(fault, path)]);
    }
}

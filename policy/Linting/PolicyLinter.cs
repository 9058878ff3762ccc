using System.Collections.Immutable;
using KmsGateway.Policy.Documents;

namespace KmsGateway.Policy.Linting;

/// <summary>
/// Judges a document before it is stored: the parser's faults as errors, then its meaning by the vocabulary of the key
/// service. A document has an ERROR exactly when the parser refuses it. Pure; the same text gives the same findings in the same
/// order. Source: simulator.md 7.
/// </summary>
public static class PolicyLinter
{
    /// <summary>Findings of one code on one document; more are not reported.</summary>
    public const int MaxFindings = 50;

    /// <summary>Locations of one finding; more are not named.</summary>
    public const int MaxLocations = 20;

    /// <summary>What the questions about one document may cost together, in places of an automaton; some tenths of a second.</summary>
    internal const long MaxSteps = 3_000_000;

    /// <summary>In the order of their findings; what costs most and matters least comes last.</summary>
    private static readonly ImmutableArray<LintRule> Rules =
    [
        new(SecurityRules.FullAccess, "FullAccess"),
        new(SecurityRules.AllowNotAction, "AllowNotAction"),
        new(SecurityRules.DecryptOnAllKeys, "DecryptOnAllKeys"),
        new(SecurityRules.KeyAdminAndUse, "KeyAdminAndUse"),
        new(SecurityRules.SelfEscalation, "SelfEscalation"),
        new(ConditionRules.NegatedConditionOnMissingKey, "NegatedConditionOnMissingKey"),
        new(ConditionRules.MultipleBooleans, "MultipleBooleans"),
        new(ConditionRules.UnknownConditionKey, "UnknownConditionKey"),
        new(ConditionRules.ConditionKeyNotForAction, "ConditionKeyNotForAction"),
        new(VocabularyRules.UnknownAction, "UnknownAction"),
        new(VocabularyRules.ResourceOfAction, "AliasOnCryptoAction", "ContainerWithSlashStar", "ResourceTypeMismatch"),
        new(VocabularyRules.RegionOrAccountForeign, "RegionOrAccountForeign"),
        new(ShapeRules.DuplicateStatement, "DuplicateStatement"),
        new(ShapeRules.UseWildcardFamily, "UseWildcardFamily"),
        new(ShapeRules.MissingSid, "MissingSid"),
        new(CoverRules.UnreachableStatement, "UnreachableStatement"),
        new(CoverRules.RedundantAction, "RedundantAction"),
        new(CoverRules.RedundantResource, "RedundantResource"),
    ];

    /// <summary>
    /// The findings of <see cref="Report"/>, for callers that do not tell whether a warning may be missing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> names no kind.</exception>
    public static ImmutableArray<Finding> Lint(string text, PolicyKind kind, LintOptions? options = null) =>
        Report(text, kind, options).Findings;

    /// <summary>
    /// Findings on <paramref name="text"/> as a policy of <paramref name="kind"/>. A text that the parser refuses has findings of
    /// type ERROR only, at least one and at most 50; another has none of that type.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> names no kind.</exception>
    public static LintReport Report(string text, PolicyKind kind, LintOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parsed = PolicyParser.Parse(text, kind);
        var hasTree = parsed.Faults.All(fault => fault.Reason is not (PolicyFaultReasons.TooLong or PolicyFaultReasons.MalformedJson));
        var places = new LintText(text, hasTree);
        return parsed.Document is { } document
            ? Judge(new LintContext(document, places, options ?? new LintOptions()))
            : new LintReport([.. parsed.Faults.Select(fault => OfFault(fault, places))], []);
    }

    private static LintReport Judge(LintContext context)
    {
        var unfinished = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var rule in Rules)
        {
            context.Questions.IsCut = false;
            rule.Run(context);
            unfinished.UnionWith(context.Questions.IsCut ? rule.Codes : []);
        }

        return new LintReport(context.Findings, [.. unfinished]);
    }

    private static Finding OfFault(PolicyFault fault, LintText places)
    {
        var path = places.Path(fault.Pointer);
        var code = FaultCodes.Of(fault, places.Find(path));
        return new Finding(FindingCodes.TypeOf(code), code, fault.Detail, [LintText.Locate(fault, path)]);
    }

    /// <summary>A look at a document, and the codes that it may report.</summary>
    private sealed record LintRule(Action<LintContext> Run, params string[] Codes);
}

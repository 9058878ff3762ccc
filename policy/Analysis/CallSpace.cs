using System.Collections.Immutable;
using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Analysis;

/// <summary>Actions that the same statements cover.</summary>
/// <param name="Classes">The classes; the first gives the action of witnesses.</param>
/// <param name="Statements">The statements that cover them.</param>
/// <param name="CarriesTags">Whether tags come with them.</param>
internal sealed record ActionGroup(ImmutableArray<ActionClass> Classes, ImmutableArray<SubjectStatement> Statements, bool CarriesTags)
{
    internal string Action => Classes[0].Text;

    internal bool IsAssumeRole => string.Equals(Action, CallSpace.AssumeRole, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Resources that the same statements of an action group cover, owned alike.</summary>
/// <param name="Classes">The classes; the first gives the resource of witnesses.</param>
/// <param name="Statements">The statements that cover action and resource.</param>
internal sealed record ResourceGroup(ImmutableArray<ResourceClass> Classes, ImmutableArray<SubjectStatement> Statements)
{
    internal string Resource => Classes[0].Text;
}

/// <summary>All calls of one or two subjects, cut so that within a cut only the conditions decide.</summary>
internal sealed class CallSpace
{
    internal const string AssumeRole = "sts:AssumeRole";

    private const string PreferredAccount = "1000000000000001";

    private static readonly ActionPattern AnyAction = ParseAction("*");

    private readonly ImmutableArray<PolicySubject> subjects;
    private readonly ImmutableArray<SubjectStatement> statements;
    private readonly ResourcePattern within;
    private readonly AnalysisBudget budget;
    private readonly CallModel model;

    internal CallSpace(ImmutableArray<PolicySubject> subjects, AnalysisOptions options, AnalysisBudget budget, ActionPattern? action = null, ResourcePattern? resource = null)
    {
        this.subjects = subjects;
        this.budget = budget;
        model = options.Calls;
        within = resource ?? ResourceSpace.Parse("*");
        statements = [.. subjects.SelectMany(SubjectStatement.Of)];
        var patterns = statements.SelectMany(statement => statement.Statement.Actions);
        patterns = TagsMatter(statements) ? patterns.Concat(KnownActions.TagCarriers.Select(ParseAction)) : patterns;
        Actions = ActionSpace.Cut(Principal is null ? patterns : patterns.Append(ParseAction(AssumeRole)), action ?? AnyAction, budget);
    }

    internal ActionSpace Actions { get; }

    /// <summary>The caller, the same for every subject; null for policies by themselves.</summary>
    internal PolicyPrincipal? Principal => subjects[0].Principal;

    internal IEnumerable<ActionGroup> ActionGroups()
    {
        var groups = Actions.Classes.GroupBy(one =>
        {
            budget.TryTake(statements.Length);
            var covering = PatternBits.Of(statements.Length, Enumerable.Range(0, statements.Length).Where(i => statements[i].CoversAction(one.Text)));
            var carriesTags = model == CallModel.Any || one.Known.Any(KnownActions.TagCarriers.Contains);
            var isTagged = carriesTags && TagsMatter(statements.Where((_, i) => covering.Has(i)));
            return (covering, isTagged, Principal is not null && string.Equals(one.Text, AssumeRole, StringComparison.OrdinalIgnoreCase));
        });
        return groups.Select(group => new ActionGroup(
            [.. group.OrderBy(one => one.Known.IsEmpty)], [.. statements.Where((_, i) => group.Key.covering.Has(i))], group.Key.isTagged));
    }

    /// <summary>The resources of a group of actions.</summary>
    internal (ResourceSpace Space, ImmutableArray<ResourceGroup> Groups) ResourcesOf(ActionGroup actions)
    {
        var service = actions.Action.Split(':')[0];
        var owned = OwnershipPatterns(actions);
        var patterns = actions.Statements.SelectMany(statement => statement.Statement.Resources).Concat(owned);
        var space = ResourceSpace.Cut(patterns, within, service, Principal?.Account is { Length: > 0 } account ? account : PreferredAccount, budget);
        var groups = space.Classes.GroupBy(one =>
        {
            budget.TryTake(actions.Statements.Length);
            var covering = actions.Statements.Select((_, i) => i).Where(i => actions.Statements[i].CoversResource(one.Text));
            var ownership = owned.Select((_, i) => i).Where(i => owned[i].Covers(one.Text));
            return (PatternBits.Of(actions.Statements.Length, covering), PatternBits.Of(owned.Length, ownership), one.IsNone);
        });
        return (space, [.. groups.Select(group => new ResourceGroup([.. group], [.. actions.Statements.Where((_, i) => group.Key.Item1.Has(i))]))]);
    }

    internal static ActionPattern ParseAction(string text) =>
        ActionPattern.TryParse(text, out var pattern) ? pattern : throw new ArgumentException($"{text} is no action pattern.", nameof(text));

    /// <summary>What a decision depends on besides statements: who owns the resource, whether it is a role, which policy it has.</summary>
    private ImmutableArray<ResourcePattern> OwnershipPatterns(ActionGroup actions)
    {
        if (Principal is null)
        {
            return [];
        }

        var bound = actions.Statements.Select(statement => statement.Resource).OfType<string>();
        var owners = Principal.Account.Length == 0 ? [] : new[] { $"acs:*:*:{Principal.Account}:*", "acs:*:*:system:*" };
        return [.. bound.Concat(owners).Concat(actions.IsAssumeRole ? ["acs:ram:*:*:role/*"] : []).Distinct(StringComparer.Ordinal).Select(ResourceSpace.Parse)];
    }

    private static bool TagsMatter(IEnumerable<SubjectStatement> statements) => statements
        .SelectMany(statement => statement.Statement.Conditions)
        .Any(condition => KeyDomain.IsTag(condition.Key.Text));
}

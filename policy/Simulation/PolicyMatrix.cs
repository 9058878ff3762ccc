using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Simulation;

/// <summary>Circumstances with a name.</summary>
/// <param name="Name">What cells and expectations call them.</param>
/// <param name="Context">Condition keys.</param>
public sealed record MatrixContext(string Name, ConditionContext Context);

/// <summary>What cells should come out as; <c>*</c> and <c>?</c> in each name.</summary>
/// <param name="Principal">Label of a caller.</param>
/// <param name="Action">A permission; letter case does not count.</param>
/// <param name="Resource">As asked.</param>
/// <param name="Context">Name of circumstances.</param>
/// <param name="Verdict">What is expected.</param>
public sealed record MatrixExpectation(string Principal, string Action, string Resource, string Context, Verdict Verdict)
{
    /// <summary>Expectations of one question; each is held against every name once. Source: the limit of a body, docs/simulator.md.</summary>
    public const int MaxCount = 1_000;

    private readonly Wildcard principal = new(Principal);
    private readonly Wildcard action = new(Action, ignoresAsciiCase: true);
    private readonly Wildcard resource = new(Resource);
    private readonly Wildcard context = new(Context);

    /// <summary>Whether this is about that cell.</summary>
    public bool Covers(MatrixCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return principal.IsMatch(cell.Principal.Label) && action.IsMatch(cell.Action)
            && resource.IsMatch(cell.Resource.Asked) && context.IsMatch(cell.Context.Name);
    }

    /// <summary>Whether this is about any cell of the question.</summary>
    public bool CoversAny(MatrixQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return question.Principals.Any(each => principal.IsMatch(each.Label)) && question.Actions.Any(each => action.IsMatch(each))
            && question.Resources.Any(each => resource.IsMatch(each.Asked)) && question.Contexts.Any(each => context.IsMatch(each.Name));
    }

    /// <summary>The names of a question that this is about, by their places.</summary>
    internal MatrixCover CoverOf(MatrixQuestion question) => new(
        [.. question.Principals.Select(each => principal.IsMatch(each.Label))],
        [.. question.Actions.Select(each => action.IsMatch(each))],
        [.. question.Resources.Select(each => resource.IsMatch(each.Asked))],
        [.. question.Contexts.Select(each => context.IsMatch(each.Name))]);
}

/// <summary>What an expectation is about. Why not asked cell by cell: many expectations of many cells would take minutes.</summary>
internal sealed record MatrixCover(bool[] Principals, bool[] Actions, bool[] Resources, bool[] Contexts)
{
    internal bool Covers(MatrixPlace place) =>
        Principals[place.Principal] && Actions[place.Action] && Resources[place.Resource] && Contexts[place.Context];
}

/// <summary>A cell by the places of its names.</summary>
internal readonly record struct MatrixPlace(int Principal, int Action, int Resource, int Context);

/// <summary>The grid to judge. Source: simulator.md 5.</summary>
/// <param name="Principals">Callers.</param>
/// <param name="Actions">Permissions.</param>
/// <param name="Resources">Resources.</param>
/// <param name="Contexts">Circumstances.</param>
/// <param name="Expectations">The first that covers a cell counts.</param>
public sealed record MatrixQuestion(
    ImmutableArray<SimulatedPrincipal> Principals,
    ImmutableArray<string> Actions,
    ImmutableArray<SimulatedResource> Resources,
    ImmutableArray<MatrixContext> Contexts,
    ImmutableArray<MatrixExpectation> Expectations)
{
    /// <summary>
    /// The checks of an action on a resource, where that is not the one check as written: the gateway plans them as for a call.
    /// None: the action is not checked on such a resource.
    /// </summary>
    public Func<string, SimulatedResource, ImmutableArray<SimulatedCheck>>? Plan { get; init; }

    /// <summary>How a caller in some circumstances sees a check, where not everybody sees the same: on the key of another account.</summary>
    public Func<SimulatedPrincipal, SimulatedCheck, ConditionContext, SimulatedCheck>? View { get; init; }

    /// <summary>Cells of one question. Source: simulator.md 5.</summary>
    public const int MaxCells = 50_000;

    /// <summary>The number of cells; beyond any integer it is still right.</summary>
    public long Size => (long)Math.Min((decimal)Principals.Length * Actions.Length * Resources.Length * Contexts.Length, long.MaxValue);
}

/// <summary>One cell: what it is about.</summary>
/// <param name="Principal">Who.</param>
/// <param name="Action">Does what.</param>
/// <param name="Resource">On what.</param>
/// <param name="Context">When and where.</param>
public sealed record MatrixCell(SimulatedPrincipal Principal, string Action, SimulatedResource Resource, MatrixContext Context);

/// <summary>One cell, judged.</summary>
/// <param name="Cell">What it is about.</param>
/// <param name="Result">What a simulation of it says.</param>
/// <param name="Expected">The first expectation that covers it; null when none does.</param>
public sealed record MatrixOutcome(MatrixCell Cell, SimulationResult Result, MatrixExpectation? Expected)
{
    /// <summary><c>A</c> allow, <c>E</c> explicit deny, <c>I</c> implicit deny, <c>!</c> not to be asked.</summary>
    public char Letter => Result.Decision.Verdict switch
    {
        Verdict.None => '!',
        Verdict.Allow => 'A',
        Verdict.ExplicitDeny => 'E',
        _ => 'I',
    };

    /// <summary>Judged on the key of another account that lets the caller in: what is stored of that key is not told.</summary>
    public bool IsOnSharedKey => Result.Resource.IsShared;

    /// <summary>An expectation covers it and is not met.</summary>
    public bool IsFailed => Expected is { } expected && expected.Verdict != Result.Decision.Verdict;

    /// <summary>An expectation covers it and is met.</summary>
    public bool IsPassed => Expected is not null && !IsFailed;
}

/// <summary>The grid: every cell is the simulation of that cell. Source: simulator.md 5, 9.2.</summary>
public static class PolicyMatrix
{
    /// <summary>Judges every cell; principals outermost, contexts innermost, computed in parallel, answered in order.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MatrixQuestion.MaxCells"/> cells.</exception>
    public static ImmutableArray<MatrixOutcome> Judge(MatrixQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (question.Size > MatrixQuestion.MaxCells)
        {
            throw new ArgumentException($"A matrix has at most {MatrixQuestion.MaxCells} cells.", nameof(question));
        }

        var covers = question.Expectations.Select(expectation => expectation.CoverOf(question)).ToArray();
        var plans = question.Actions.Select(action => question.Resources.Select(resource => Plan(question, action, resource)).ToArray()).ToArray();
        return [.. ParallelEnumerable.Range(0, (int)question.Size).AsOrdered().Select(index =>
        {
            var place = PlaceOf(question, index);
            var covering = Array.FindIndex(covers, cover => cover.Covers(place));
            return Judge(question, place, plans[place.Action][place.Resource], covering < 0 ? null : question.Expectations[covering]);
        })];
    }

    private static ImmutableArray<SimulatedCheck> Plan(MatrixQuestion question, string action, SimulatedResource resource) =>
        question.Plan?.Invoke(action, resource) ?? [new SimulatedCheck(action, resource)];

    private static MatrixPlace PlaceOf(MatrixQuestion question, int index)
    {
        (var rest, var context) = Math.DivRem(index, question.Contexts.Length);
        (rest, var resource) = Math.DivRem(rest, question.Resources.Length);
        (var principal, var action) = Math.DivRem(rest, question.Actions.Length);
        return new MatrixPlace(principal, action, resource, context);
    }

    private static MatrixOutcome Judge(
        MatrixQuestion question, MatrixPlace place, ImmutableArray<SimulatedCheck> checks, MatrixExpectation? expected)
    {
        var cell = new MatrixCell(
            question.Principals[place.Principal], question.Actions[place.Action], question.Resources[place.Resource], question.Contexts[place.Context]);
        var result = checks.IsEmpty
            ? NotAsked(cell)
            : PolicySimulator.Judge(cell.Principal, Seen(question, cell, checks), cell.Context.Context);
        return new MatrixOutcome(cell, result, expected);
    }

    private static ImmutableArray<SimulatedCheck> Seen(MatrixQuestion question, MatrixCell cell, ImmutableArray<SimulatedCheck> checks) =>
        question.View is { } view ? [.. checks.Select(check => view(cell.Principal, check, cell.Context.Context))] : checks;

    private static SimulationResult NotAsked(MatrixCell cell) => new(
        cell.Principal,
        new SimulatedCall(cell.Action, [cell.Resource], cell.Context.Context),
        cell.Resource,
        new AuthorizationRequest(cell.Principal.Principal, []),
        default);
}

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
}

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
    /// <summary><c>A</c> allow, <c>E</c> explicit deny, <c>I</c> implicit deny.</summary>
    public char Letter => Result.Decision.Verdict switch
    {
        Verdict.Allow => 'A',
        Verdict.ExplicitDeny => 'E',
        _ => 'I',
    };

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

        return [.. Cells(question).AsParallel().AsOrdered().Select(cell => Judge(cell, question.Expectations))];
    }

    /// <summary>The cells, in order.</summary>
    public static IEnumerable<MatrixCell> Cells(MatrixQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        return from principal in question.Principals
               from action in question.Actions
               from resource in question.Resources
               from context in question.Contexts
               select new MatrixCell(principal, action, resource, context);
    }

    private static MatrixOutcome Judge(MatrixCell cell, ImmutableArray<MatrixExpectation> expectations)
    {
        var call = new SimulatedCall(cell.Action, [cell.Resource], cell.Context.Context);
        return new MatrixOutcome(
            cell, PolicySimulator.Judge(cell.Principal, call, cell.Resource), expectations.FirstOrDefault(expectation => expectation.Covers(cell)));
    }
}

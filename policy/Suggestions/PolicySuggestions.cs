using System.Collections.Immutable;
using KmsGateway.Policy.Evaluation;

namespace KmsGateway.Policy.Suggestions;

/// <summary>The smallest edits found that would turn a denial into Allow, each proved by applying it and evaluating again.</summary>
public static class PolicySuggestions
{
    private const int MaxSuggestions = 3;
    private const int NearestTried = 3;

    /// <summary>
    /// At most three suggestions, those with the fewest edits first; none for a call that is allowed, malformed, made under
    /// <see cref="PolicySet.Invalid"/>, or that no policy of its layer can allow (a cloud service on a key).
    /// </summary>
    public static ImmutableArray<Suggestion> For(PolicySet policies, AuthorizationRequest request)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(request);
        if (policies.IsInvalid || PolicyEvaluator.Evaluate(policies, request).IsAllowed)
        {
            return [];
        }

        var found = new List<Suggestion>();
        foreach (var path in Paths())
        {
            if (new SuggestionPath(path).Follow(WhatIf.Of(policies, request)) is { } suggestion && !found.Exists(one => one.Edits.SequenceEqual(suggestion.Edits)))
            {
                found.Add(suggestion);
            }
        }

        return [.. found.OrderBy(suggestion => suggestion.Edits.Length).Take(MaxSuggestions)];
    }

    /// <summary>Each of the nearest statements, and then a new one; by other circumstances first, by the policy alone after.</summary>
    private static IEnumerable<PathChoice> Paths()
    {
        for (var rank = 0; rank < NearestTried; rank++)
        {
            yield return new PathChoice(rank, ChangesCircumstances: true);
            yield return new PathChoice(rank, ChangesCircumstances: false);
        }

        yield return new PathChoice(PathChoice.NewStatement, ChangesCircumstances: true);
        yield return new PathChoice(PathChoice.NewStatement, ChangesCircumstances: false);
    }
}

/// <summary>How a path goes on where there is a choice.</summary>
/// <param name="Rank">Which of the nearest Allow statements is stretched; a new one where there are not so many.</param>
/// <param name="ChangesCircumstances">Conditions are met by other values of the request, not dropped, where that can be.</param>
internal readonly record struct PathChoice(int Rank, bool ChangesCircumstances)
{
    internal const int NewStatement = int.MaxValue;
}

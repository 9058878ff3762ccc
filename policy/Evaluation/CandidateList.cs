using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Evaluation;

/// <summary>A statement whose action can match.</summary>
/// <param name="Ordinal">Place in the layer.</param>
/// <param name="Statement">The statement.</param>
/// <param name="IsActionCovered">Its place in the index already proves that the action matches.</param>
internal readonly record struct Candidate(int Ordinal, Statement Statement, bool IsActionCovered)
{
    internal bool Applies(in CheckView check) =>
        (IsActionCovered || StatementMatch.CoversAction(Statement, check.Action))
        && StatementMatch.CoversResource(Statement, check.Resource)
        && StatementMatch.MeetsConditions(Statement, check.Context);
}

/// <summary>
/// Candidates in order. A long list is also sorted by the literal beginning of the relative id, one table per length of
/// beginning, so that thousands of statements on different keys cost a few look-ups.
/// </summary>
internal sealed class CandidateList
{
    private const int ShortList = 8;

    private readonly List<Candidate> building = [];
    private Candidate[] unsorted = [];
    private Table[] tables = [];

    internal void Add(Candidate candidate)
    {
        // Why: "kms:Get*" twice in one statement is one candidate.
        if (building.Count == 0 || building[^1] != candidate)
        {
            building.Add(candidate);
        }
    }

    /// <summary>The ordinal of the first candidate before <paramref name="before"/> that applies; otherwise that bound.</summary>
    internal int FirstApplicable(in CheckView check, int before)
    {
        var first = Scan(unsorted, check, before);
        if (!check.Resource.IsArn)
        {
            return first;
        }

        var relativeId = check.Resource.RelativeId;
        foreach (var table in tables)
        {
            if (table.TryFind(relativeId, out var candidates))
            {
                first = Scan(candidates, check, first);
            }
        }

        return first;
    }

    internal void Freeze()
    {
        if (building.Count <= ShortList)
        {
            unsorted = [.. building];
            return;
        }

        unsorted = [.. building.Where(candidate => !IsSortable(candidate.Statement))];
        var places =
            from candidate in building
            where IsSortable(candidate.Statement)
            from resource in candidate.Statement.Resources
            group (Beginning(resource), candidate) by (resource.RelativeId!.LiteralPrefixLength, resource.RelativeId.IsLiteral);
        tables = [.. places.Select(place => new Table(place.Key.LiteralPrefixLength, place.Key.IsLiteral, place))];
    }

    private static bool IsSortable(Statement statement) =>
        !statement.IsNotResource && statement.Resources.All(resource => resource.RelativeId?.LiteralPrefixLength > 0);

    private static string Beginning(ResourcePattern resource) => resource.RelativeId!.Pattern[..resource.RelativeId.LiteralPrefixLength];

    /// <summary>The ordinal of the first of <paramref name="candidates"/>, which are in order, that applies; otherwise the bound.</summary>
    internal static int Scan(Candidate[] candidates, in CheckView check, int before)
    {
        foreach (ref readonly var candidate in candidates.AsSpan())
        {
            if (candidate.Ordinal >= before)
            {
                return before;
            }

            if (candidate.Applies(check))
            {
                return candidate.Ordinal;
            }
        }

        return before;
    }

    /// <summary>Candidates by the first so many characters of a relative id, or by the whole of it.</summary>
    private sealed class Table
    {
        private readonly int length;
        private readonly bool isWhole;
        private readonly Dictionary<string, Candidate[]>.AlternateLookup<ReadOnlySpan<char>> byBeginning;

        internal Table(int length, bool isWhole, IEnumerable<(string Beginning, Candidate Candidate)> places)
        {
            this.length = length;
            this.isWhole = isWhole;
            byBeginning = places
                .GroupBy(place => place.Beginning, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Select(place => place.Candidate).Distinct().ToArray(), StringComparer.Ordinal)
                .GetAlternateLookup<ReadOnlySpan<char>>();
        }

        internal bool TryFind(ReadOnlySpan<char> relativeId, out Candidate[] candidates)
        {
            candidates = [];
            var isPossible = isWhole ? relativeId.Length == length : relativeId.Length >= length;
            return isPossible && byBeginning.TryGetValue(relativeId[..length], out candidates!);
        }
    }
}

namespace KmsGateway.Policy.Analysis;

/// <summary>The steps of several patterns in one row, each pattern closed by a place that nothing leads out of.</summary>
internal sealed class GlobAutomata
{
    private readonly GlobStep[] steps;
    private readonly int[] owners;
    private readonly int[] starts;
    private readonly int required;
    private readonly bool isPruned;
    private readonly int[] stamps;
    private readonly List<int> entered = [];
    private int stamp;

    /// <summary>Lays the patterns out.</summary>
    /// <param name="patterns">At least one.</param>
    /// <param name="required">The first so many must match.</param>
    /// <param name="isPruned">Whether places that cannot add a text are dropped; see <see cref="After"/>.</param>
    internal GlobAutomata(IReadOnlyList<Glob> patterns, int required, bool isPruned = true)
    {
        this.required = required;
        this.isPruned = isPruned;
        starts = new int[patterns.Count + 1];
        var all = new List<GlobStep>();
        for (var i = 0; i < patterns.Count; i++)
        {
            starts[i] = all.Count;
            all.AddRange(patterns[i].Steps);
            all.Add(GlobStep.End);
        }

        starts[^1] = all.Count;
        steps = [.. all];
        owners = new int[steps.Length];
        for (var i = 0; i < patterns.Count; i++)
        {
            owners.AsSpan(starts[i]..starts[i + 1]).Fill(i);
        }

        stamps = new int[steps.Length];
        Other = FreshCharacter();
    }

    internal int Count => starts.Length - 1;

    /// <summary>A readable character that no pattern names.</summary>
    internal int Other { get; }

    internal GlobState Start()
    {
        stamp++;
        for (var i = 0; i < Count; i++)
        {
            Enter(starts[i]);
        }

        return Entered();
    }

    /// <summary>The patterns whose closing place is reached.</summary>
    internal bool[] Accepted(GlobState state)
    {
        var matches = new bool[Count];
        foreach (var place in state.Places)
        {
            var owner = owners[place];
            matches[owner] |= place == starts[owner + 1] - 1;
        }

        return matches;
    }

    /// <summary>Whether every required pattern still has a place.</summary>
    internal bool IsAlive(GlobState state)
    {
        var seen = 0;
        foreach (var place in state.Places)
        {
            // Invariant: places ascend, so owners do, and the required come first.
            if (owners[place] == seen)
            {
                seen++;
            }

            if (seen == required)
            {
                return true;
            }
        }

        return seen >= required;
    }

    /// <summary>The characters that lead from here to different places; all others lead where <see cref="Other"/> does.</summary>
    internal SortedSet<int> Named(GlobState state)
    {
        var named = new SortedSet<int>();
        foreach (var place in state.Places)
        {
            var step = steps[place];
            if (step.IsWildcard && !step.CrossesColon)
            {
                named.Add(':');
            }
            else if (!step.IsWildcard && step.CodePoint != GlobStep.End.CodePoint)
            {
                named.UnionWith(step.Characters());
            }
        }

        return named;
    }

    /// <summary>
    /// The places after one more character. Within a pattern they are looked at from the last back, and once a run is met that
    /// takes the character, the places before it are dropped. Proof that no text is lost: let the run stand at m and an earlier
    /// place p be reached by the same text. The pattern is a line, so every text that is accepted from p is u followed by v,
    /// where u leads from p to m and v is accepted from m. The run at m takes all of u: it takes every character, or every one
    /// but the colon, and u holds none. For where some wildcard does not cross a colon, the pattern is made of fields in which
    /// only the separators between fields take one (the last field apart, whose wildcards cross); p and m, reached by texts
    /// with equally many colons, stand in the same field, and no separator lies between them. So u v is accepted from m too.
    /// </summary>
    internal GlobState After(GlobState state, int character)
    {
        stamp++;
        var settled = -1;
        var places = state.Places;
        for (var i = places.Length - 1; i >= 0; i--)
        {
            var place = places[i];
            if (owners[place] == settled || !steps[place].Takes(character))
            {
                continue;
            }

            var isRun = steps[place].CodePoint == GlobStep.Many;
            Enter(isRun ? place : place + 1);
            settled = isRun && isPruned ? owners[place] : settled;
        }

        return Entered();
    }

    /// <summary>A place, and what follows it where it is a run that may be empty.</summary>
    private void Enter(int place)
    {
        Mark(place);
        while (steps[place].CodePoint == GlobStep.Many)
        {
            Mark(++place);
        }
    }

    private void Mark(int place)
    {
        if (stamps[place] != stamp)
        {
            stamps[place] = stamp;
            entered.Add(place);
        }
    }

    private GlobState Entered()
    {
        entered.Sort();
        var state = new GlobState(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entered));
        entered.Clear();
        return state;
    }

    private int FreshCharacter()
    {
        var named = steps.Where(step => !step.IsWildcard).SelectMany(step => step.Characters()).Append(':').ToHashSet();
        const string preferred = "xyzabcdefghijklmnopqrstuvw0123456789XYZ";
        return preferred.Select(c => (int)c).Concat(Enumerable.Range(0x4E00, named.Count + 1)).First(c => !named.Contains(c));
    }
}

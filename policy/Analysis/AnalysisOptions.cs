namespace KmsGateway.Policy.Analysis;

/// <summary>Which calls an analysis reckons with.</summary>
public enum CallModel
{
    /// <summary>No model.</summary>
    None = 0,

    /// <summary>
    /// What the gateway asks: one value per key (R-CND-6), the keys that it always supplies present and readable (R-KEY-4), the
    /// caller's own ARN as <c>acs:PrincipalARN</c>, no key that it never supplies, tags on cryptographic calls only (R-TAG-2).
    /// </summary>
    Gateway,

    /// <summary>Whatever the evaluator takes: every key missing, with one value, or with several, on every action.</summary>
    Any,
}

/// <summary>How an analysis is made.</summary>
/// <param name="Calls">Which calls are reckoned with.</param>
/// <param name="MaxSteps">What may be spent before the answer is Unknown; counted, not timed. At least 1.</param>
public sealed record AnalysisOptions(CallModel Calls = CallModel.Gateway, long MaxSteps = AnalysisOptions.DefaultSteps)
{
    /// <summary>Different conditions (operator, key, values) that are weighed against each other on the same calls; over it the answer is Unknown.</summary>
    public const int MaxConditions = 12;

    /// <summary>About two seconds of work.</summary>
    public const long DefaultSteps = 40_000_000;

    /// <summary>What may be spent; at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public long MaxSteps { get; init; } = MaxSteps >= 1 ? MaxSteps : throw new ArgumentOutOfRangeException(nameof(MaxSteps), MaxSteps, "An analysis takes at least one step.");

    /// <summary>The gateway's calls, two seconds.</summary>
    public static AnalysisOptions Default { get; } = new();
}

/// <summary>Why an answer is Unknown.</summary>
public enum UnknownReason
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>More than <see cref="AnalysisOptions.MaxConditions"/> conditions bear on the same calls.</summary>
    TooManyConditions,

    /// <summary>Conditions read one key as text and as a number, date, Boolean or address, and neither a value nor a proof that there is none was found.</summary>
    MixedConditions,

    /// <summary>The patterns or the calls to decide are too many for the bounds.</summary>
    OutOfSteps,
}

namespace KmsGateway.Policy.Analysis;

/// <summary>Whether some call is allowed.</summary>
public enum Possibility
{
    /// <summary>Not answered.</summary>
    None = 0,

    /// <summary>Yes; the witness is one that the evaluator allows.</summary>
    Yes,

    /// <summary>No: no call of the model is allowed, which is proved.</summary>
    No,

    /// <summary>Neither a witness nor a proof was found within the bounds.</summary>
    Unknown,
}

/// <summary>The answer to <see cref="PolicyAnalysis.Can"/>.</summary>
/// <param name="Possibility">The answer.</param>
/// <param name="Witness">For Yes: a call that <see cref="Evaluation.PolicyEvaluator"/> allows.</param>
/// <param name="Reason">For Unknown: what stood in the way.</param>
public sealed record CanAnswer(Possibility Possibility, WitnessCall? Witness, UnknownReason Reason);

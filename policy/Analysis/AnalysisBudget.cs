namespace KmsGateway.Policy.Analysis;

/// <summary>Steps that an analysis may still take: counted, never timed, so that the same question has the same answer everywhere.</summary>
internal sealed class AnalysisBudget(long steps)
{
    private long left = steps;

    /// <summary>Whether more was asked for than there was.</summary>
    internal bool IsSpent => left < 0;

    /// <summary>Takes steps; false when they are used up.</summary>
    internal bool TryTake(long count = 1)
    {
        left = left < 0 ? left : left - count;
        return left >= 0;
    }
}

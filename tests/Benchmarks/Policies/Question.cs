namespace KmsGateway.Benchmarks.Policies;

/// <summary>What is asked of a <see cref="PolicyFamily"/>; the answer is in the name.</summary>
public enum Question
{
    /// <summary>A statement on this key allows.</summary>
    Hit = 0,

    /// <summary>No statement is about this key.</summary>
    Miss,

    /// <summary>One statement allows, one denies.</summary>
    Deny,

    /// <summary>The statement on tagged keys allows.</summary>
    Tag,
}

using KmsGateway.Gateway.Seed.Reading;

namespace KmsGateway.Gateway.Seed;

/// <summary>What a seed does to one thing.</summary>
internal enum SeedChangeKind
{
    None = 0,
    Add,
    Change,
    Remove,

    /// <summary>Differs from the file and stays: what a seed does not take away, or cannot change.</summary>
    Kept,
}

/// <summary>One difference between a seed and what is there, and what makes it go. Changes are applied in the order of the plan.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Place">Where the file says so.</param>
/// <param name="What">For a person; never a secret.</param>
/// <param name="ApplyAsync">Null for what is kept.</param>
internal sealed record SeedChange(SeedChangeKind Kind, SeedNode Place, string What, Func<CancellationToken, Task>? ApplyAsync)
{
    /// <summary>As a diff shows it: <c>+ user 2000000000000002/alice</c>.</summary>
    public string Text => $"{Sign} {What}";

    private char Sign => Kind switch
    {
        SeedChangeKind.Add => '+',
        SeedChangeKind.Change => '~',
        SeedChangeKind.Remove => '-',
        _ => '!',
    };

    public static SeedChange Add(SeedNode place, string what, Func<CancellationToken, Task> apply) => new(SeedChangeKind.Add, place, what, apply);

    public static SeedChange Change(SeedNode place, string what, Func<CancellationToken, Task> apply) => new(SeedChangeKind.Change, place, what, apply);

    public static SeedChange Keep(SeedNode place, string what) => new(SeedChangeKind.Kept, place, what, null);
}

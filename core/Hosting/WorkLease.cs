using KmsGateway.Core.Keys;
using KmsGateway.Core.Storage;

namespace KmsGateway.Core.Hosting;

/// <summary>Says which one of the processes on a store does its scheduled work.</summary>
internal sealed class WorkLease(TimeProvider clock)
{
    public const string Name = "scheduled-work";

    /// <summary>How long after a holder that died another may go on.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly string holder = Guid.NewGuid().ToString("D");

    /// <summary>Takes or renews it, in the transaction of the work that rests on it; false while another has it.</summary>
    public bool Take(IKeyTransaction transaction, out DateTimeOffset now) => Take(transaction, Life, out now);

    /// <summary>Gives it back, so that whoever starts next need not wait for it to run out.</summary>
    public bool GiveBack(IKeyTransaction transaction) => Take(transaction, TimeSpan.Zero, out _);

    private bool Take(IKeyTransaction transaction, TimeSpan life, out DateTimeOffset now)
    {
        now = WholeMilliseconds.Of(clock.GetUtcNow());
        return transaction.TakeLease(Name, holder, now, now + life);
    }
}

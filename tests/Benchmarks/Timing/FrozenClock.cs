namespace KmsGateway.Benchmarks.Timing;

/// <summary>One instant, so that a ticket stays valid for a whole measurement; timers and time stamps are the system's.</summary>
internal sealed class FrozenClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}

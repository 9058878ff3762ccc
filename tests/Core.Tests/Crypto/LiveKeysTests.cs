using KmsGateway.Core.Crypto;

namespace KmsGateway.Core.Tests.Crypto;

public sealed class LiveKeysTests
{
    private readonly TestClock clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Acquire_Twice_LoadsOnce()
    {
        using var live = new LiveKeys(clock);
        var loads = 0;

        using var first = live.Acquire("v", _ => Load(ref loads));
        using var second = live.Acquire("v", _ => Load(ref loads));

        Assert.Equal(1, loads);
        Assert.Same(first.Handle, second.Handle);
    }

    [Fact]
    public void Acquire_BeyondCapacity_DisposesAnOldOne()
    {
        using var live = new LiveKeys(clock, capacity: 2);
        var handles = Enumerable.Range(0, 3).Select(_ => new Handle()).ToArray();
        for (var index = 0; index < handles.Length; index++)
        {
            live.Acquire($"v{index}", _ => handles[index]).Dispose();
        }

        Assert.Equal(2, live.Count);
        Assert.Single(handles, handle => handle.Disposals == 1);
    }

    [Fact]
    public void Dispose_WhileInUse_WaitsForTheLastUser()
    {
        var handle = new Handle();
        var live = new LiveKeys(clock);
        var lease = live.Acquire("v", _ => handle);

        live.Dispose();
        Assert.Equal(0, handle.Disposals);
        lease.Dispose();

        Assert.Equal(1, handle.Disposals);
    }

    [Fact]
    public void EvictIdle_AfterTenMinutes_LetsGo()
    {
        var handle = new Handle();
        using var live = new LiveKeys(new TickingClock());
        live.Acquire("v", _ => handle).Dispose();
        TickingClock.Ticks += TimeSpan.FromMinutes(11).Ticks;

        live.EvictIdle();

        Assert.Equal(1, handle.Disposals);
    }

    private static Handle Load(ref int loads)
    {
        loads++;
        return new Handle();
    }

    private sealed class TickingClock : TimeProvider
    {
        public static long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }

    private sealed class Handle : IKeyHandle
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}

using KmsGateway.Core.Crypto;
using NSubstitute;

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
        var handles = Enumerable.Range(0, 3).Select(_ => Substitute.For<IKeyHandle>()).ToArray();
        for (var index = 0; index < handles.Length; index++)
        {
            live.Acquire($"v{index}", _ => handles[index]).Dispose();
        }

        Assert.Equal(2, live.Count);
        Assert.Single(handles, handle => handle.ReceivedCalls().Any(call => call.GetMethodInfo().Name == "Dispose"));
    }

    [Fact]
    public void Dispose_WhileInUse_WaitsForTheLastUser()
    {
        var handle = Substitute.For<IKeyHandle>();
        var live = new LiveKeys(clock);
        var lease = live.Acquire("v", _ => handle);

        live.Dispose();
        handle.DidNotReceive().Dispose();
        lease.Dispose();

        handle.Received(1).Dispose();
    }

    private static IKeyHandle Load(ref int loads)
    {
        loads++;
        return Substitute.For<IKeyHandle>();
    }
}

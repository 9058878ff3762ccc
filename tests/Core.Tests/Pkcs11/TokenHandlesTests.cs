using KmsGateway.Core.Crypto.Pkcs11;
using KmsGateway.Core.Crypto.Pkcs11.Sessions;

namespace KmsGateway.Core.Tests.Pkcs11;

/// <summary>Counting, single flight, the bound, and loads that fail.</summary>
public sealed class TokenHandlesTests
{
    private readonly List<ulong> destroyed = [];
    private int loads;

    [Fact]
    public async Task Acquire_ManyAtOnce_LoadOnce()
    {
        var handles = Handles(4);
        var gate = new TaskCompletionSource<ObjectHandle>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<TokenHandles.Lease>[] waiting = [.. Enumerable.Range(0, 64).Select(_ => handles.AcquireAsync("v1", () => Loading(gate.Task)))];

        gate.SetResult(new ObjectHandle(7));
        var leases = await Task.WhenAll(waiting);

        Assert.Equal(1, loads);
        Assert.All(leases, lease => Assert.Equal(7UL, lease.Handle.Value));
    }

    [Fact]
    public async Task Evict_WhileInUse_DestroysWithTheLastUserAndOnce()
    {
        var handles = Handles(4);
        var first = await handles.AcquireAsync("v1", () => Loaded(7));
        var second = await handles.AcquireAsync("v1", () => Loaded(8));

        handles.Evict("v1");
        first.Dispose();
        first.Dispose();
        Assert.Empty(destroyed);
        second.Dispose();

        Assert.Equal([7UL], destroyed);
        using var again = await handles.AcquireAsync("v1", () => Loaded(9));
        Assert.Equal((9UL, 2), (again.Handle.Value, loads));
    }

    [Fact]
    public async Task Acquire_BeyondTheBound_TheLongestUnusedLeaves()
    {
        var handles = Handles(2);
        (await handles.AcquireAsync("v1", () => Loaded(1))).Dispose();
        (await handles.AcquireAsync("v2", () => Loaded(2))).Dispose();
        (await handles.AcquireAsync("v1", () => Loaded(3))).Dispose();
        Assert.Empty(destroyed);

        (await handles.AcquireAsync("v3", () => Loaded(4))).Dispose();

        Assert.Equal([2UL], destroyed);
        Assert.Equal(2, handles.Count);
    }

    [Fact]
    public async Task Acquire_LoadFails_AllWaitersHearItAndTheNextLoadsAgain()
    {
        var handles = Handles(2);
        var gate = new TaskCompletionSource<ObjectHandle>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<TokenHandles.Lease>[] waiting = [.. Enumerable.Range(0, 8).Select(_ => handles.AcquireAsync("v1", () => Loading(gate.Task)))];

        gate.SetException(new Pkcs11Exception(CkFunction.UnwrapKey, Ckr.DeviceError));

        foreach (var task in waiting)
        {
            await Assert.ThrowsAsync<Pkcs11Exception>(() => task);
        }

        Assert.Equal((0, 1), (handles.Count, loads));
        using var lease = await handles.AcquireAsync("v1", () => Loaded(5));
        Assert.Equal(5UL, lease.Handle.Value);
        Assert.Empty(destroyed);
    }

    [Fact]
    public async Task Evict_DuringTheLoad_TheUserGetsItAndItIsDestroyedAfterwards()
    {
        var handles = Handles(2);
        var gate = new TaskCompletionSource<ObjectHandle>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = handles.AcquireAsync("v1", () => Loading(gate.Task));

        handles.Evict("v1");
        gate.SetResult(new ObjectHandle(6));
        var lease = await waiting;

        Assert.Empty(destroyed);
        lease.Dispose();
        Assert.Equal([6UL], destroyed);
    }

    private TokenHandles Handles(int capacity) => new(capacity, handle => destroyed.Add(handle.Value));

    private Task<ObjectHandle> Loaded(ulong value) => Loading(Task.FromResult(new ObjectHandle(value)));

    private Task<ObjectHandle> Loading(Task<ObjectHandle> task)
    {
        Interlocked.Increment(ref loads);
        return task;
    }
}

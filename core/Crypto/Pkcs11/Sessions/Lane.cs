using System.Collections.Concurrent;

namespace KmsGateway.Core.Crypto.Pkcs11.Sessions;

/// <summary>How many threads a lane has, each with a session of its own, and how much work may wait.</summary>
internal readonly record struct LaneSize(int Threads, int QueueLength);

/// <summary>
/// Threads of their own for calls that block and cannot be cancelled, with a bounded queue. Whatever fails between the Init and the
/// end of an operation costs the session its place: it is closed and another one opened. Source: crypto-core.md section 5.
/// </summary>
internal sealed class Lane : IDisposable
{
    private readonly string name;
    private readonly IPkcs11Module module;
    private readonly SlotId slot;
    private readonly BlockingCollection<Action<Worker>> queue;
    private readonly Thread[] threads;
    private int waiting;

    public Lane(string name, IPkcs11Module module, SlotId slot, LaneSize size)
    {
        this.name = name;
        this.module = module;
        this.slot = slot;
        queue = new BlockingCollection<Action<Worker>>(size.QueueLength);
        threads = [.. Enumerable.Range(0, size.Threads).Select(index => new Thread(Serve) { IsBackground = true, Name = $"pkcs11 {name} {index}" })];
        foreach (var thread in threads)
        {
            thread.Start();
        }
    }

    /// <summary>Work that waits for a thread.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Runs <paramref name="work"/> on a thread of the lane.</summary>
    /// <exception cref="LaneFullException">At once, when the queue is full or the lane is stopping.</exception>
    /// <exception cref="Pkcs11Exception">In the task: no session could be opened for it, or the work threw it.</exception>
    public Task<T> RunAsync<T>(LaneWork<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref waiting);
        if (!TryQueue(worker => Complete(worker, work, done)))
        {
            Interlocked.Decrement(ref waiting);
            throw new LaneFullException(name);
        }

        return done.Task;
    }

    /// <summary>Takes no more work, finishes what was taken, and ends the threads: nothing of this lane is in the module afterwards.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        foreach (var thread in threads)
        {
            thread.Join();
        }

        queue.Dispose();
    }

    private bool TryQueue(Action<Worker> job)
    {
        try
        {
            return queue.TryAdd(job);
        }
        catch (Exception exception) when (exception is InvalidOperationException)
        {
            // CompleteAdding or Dispose came first
            return false;
        }
    }

    private void Complete<T>(Worker worker, LaneWork<T> work, TaskCompletionSource<T> done)
    {
        Interlocked.Decrement(ref waiting);
        try
        {
            done.SetResult(work(new SessionLease(worker.Session())));
        }
#pragma warning disable CA1031 // the caller's task carries it; the thread must go on
        catch (Exception exception)
#pragma warning restore CA1031
        {
            done.SetException(exception);
        }
        finally
        {
            worker.DropSpoiled();
        }
    }

    private void Serve()
    {
        var worker = new Worker(module, slot);
        foreach (var job in queue.GetConsumingEnumerable())
        {
            job(worker);
        }

        worker.Close();
    }

    /// <summary>One thread's session, opened when it is first needed and again after a loss.</summary>
    private sealed class Worker(IPkcs11Module module, SlotId slot)
    {
        private TokenSession? session;

        public TokenSession Session()
        {
            if (session is null)
            {
                new CkResult(CkFunction.OpenSession, module.OpenSession(slot, isReadWrite: true, out var handle)).ThrowIfFailed();
                session = new TokenSession(module, handle);
            }

            return session;
        }

        public void DropSpoiled()
        {
            if (session is { IsSpoiled: true })
            {
                Close();
            }
        }

        public void Close()
        {
            if (session is not null)
            {
                // Why unchecked: a session that is gone already is as good as closed.
                _ = module.CloseSession(session.Handle);
                session = null;
            }
        }
    }
}

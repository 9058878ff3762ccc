using System.Threading.Channels;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>
/// RSA pairs made ahead, since one takes a quarter of a second of a core: eight stand ready, refilled by one thread, so that any
/// number of callers costs one core at most. Nothing is made before the first is asked for. Source: crypto-core.md section 8.
/// </summary>
internal sealed class WrappingPairs : IDisposable
{
    /// <summary>Pairs that stand ready.</summary>
    public const int Ready = 8;

    /// <summary>Callers that wait for a pair at the same time; one more is refused.</summary>
    public const int MostWaiting = 32;

    private readonly Channel<WrappingPair> ready = Channel.CreateUnbounded<WrappingPair>();
    private readonly SemaphoreSlim room = new(Ready);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lazy<Thread> maker;
    private readonly Func<WrappingPair> make;
    private int waiting;

    public WrappingPairs()
        : this(() => WrappingPair.Generate(WrappingAlgorithms.Rsa2048))
    {
    }

    /// <summary>Pairs made by <paramref name="make"/>.</summary>
    internal WrappingPairs(Func<WrappingPair> make)
    {
        this.make = make;
        maker = new Lazy<Thread>(Start);
    }

    /// <summary>Whether a pair was ever asked for.</summary>
    public bool IsStarted => maker.IsValueCreated;

    /// <summary>Pairs that stand ready now.</summary>
    public int Count => ready.Reader.Count;

    /// <summary>A pair for one caller, who disposes it; SM2 pairs cost next to nothing and are made at once.</summary>
    /// <exception cref="KmsException">ServiceUnavailableTemporary: too many wait already.</exception>
    public async ValueTask<WrappingPair> TakeAsync(string keySpec)
    {
        if (keySpec != WrappingAlgorithms.Rsa2048)
        {
            return WrappingPair.Generate(keySpec);
        }

        _ = maker.Value;
        var pair = ready.Reader.TryRead(out var made) ? made : await WaitAsync();
        room.Release();
        return pair;
    }

    public void Dispose()
    {
        stopping.Cancel();
        if (maker.IsValueCreated)
        {
            maker.Value.Join();
        }

        while (ready.Reader.TryRead(out var pair))
        {
            pair.Dispose();
        }

        stopping.Dispose();
        room.Dispose();
    }

    private async ValueTask<WrappingPair> WaitAsync()
    {
        try
        {
            return Interlocked.Increment(ref waiting) <= MostWaiting
                ? await ready.Reader.ReadAsync(stopping.Token)
                : throw KmsErrors.ServiceUnavailableTemporary.With();
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private Thread Start()
    {
        var thread = new Thread(Make) { IsBackground = true, Name = "wrapping pairs" };
        thread.Start();
        return thread;
    }

    private void Make()
    {
        try
        {
            while (true)
            {
                room.Wait(stopping.Token);
                _ = ready.Writer.TryWrite(make());
            }
        }
        catch (OperationCanceledException)
        {
            // the end
        }
        catch (Exception exception)
        {
            // Why: whoever waits must hear of it; a library that makes no keys makes none later either.
            _ = ready.Writer.TryComplete(exception);
        }
    }
}

using System.Threading.Channels;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.Import;

/// <summary>
/// RSA pairs made ahead, since one takes a quarter of a second of a core: eight stand ready, refilled by one thread, so that any
/// number of callers costs one core at most. Nothing is made before the first is asked for. Source: crypto-core.md section 8.
/// </summary>
internal sealed partial class WrappingPairs : IDisposable
{
    /// <summary>Pairs that stand ready.</summary>
    public const int Ready = 8;

    /// <summary>Callers that wait for a pair at the same time; one more is refused.</summary>
    public const int MostWaiting = 32;

    internal static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly Channel<WrappingPair> ready = Channel.CreateUnbounded<WrappingPair>();
    private readonly SemaphoreSlim room = new(Ready);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lazy<Thread> maker;
    private readonly Func<WrappingPair> make;
    private readonly ILogger<WrappingPairs> logger;
    private readonly Action<TimeSpan, CancellationToken> rest;
    private CancellationTokenSource refusing = new();
    private int waiting;

    public WrappingPairs(ILogger<WrappingPairs> logger)
        : this(() => WrappingPair.Generate(WrappingAlgorithms.Rsa2048), logger, (pause, stop) => stop.WaitHandle.WaitOne(pause))
    {
    }

    /// <param name="make">Makes a pair.</param>
    /// <param name="logger">Hears when none could be made.</param>
    /// <param name="rest">Waits for a time, or until it is cancelled.</param>
    internal WrappingPairs(Func<WrappingPair> make, ILogger<WrappingPairs> logger, Action<TimeSpan, CancellationToken> rest)
    {
        (this.make, this.logger, this.rest) = (make, logger, rest);
        maker = new Lazy<Thread>(Start);
    }

    /// <summary>Whether a pair was ever asked for.</summary>
    public bool IsStarted => maker.IsValueCreated;

    /// <summary>Pairs that stand ready now.</summary>
    public int Count => ready.Reader.Count;

    /// <summary>A pair for one caller, who disposes it; SM2 pairs cost next to nothing and are made at once.</summary>
    /// <exception cref="KmsException">ServiceUnavailableTemporary: too many wait already, or none can be made now.</exception>
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

        refusing.Cancel();
        while (ready.Reader.TryRead(out var pair))
        {
            pair.Dispose();
        }

        refusing.Dispose();
        stopping.Dispose();
        room.Dispose();
    }

    private async ValueTask<WrappingPair> WaitAsync()
    {
        try
        {
            return Interlocked.Increment(ref waiting) <= MostWaiting
                ? await ready.Reader.ReadAsync(Volatile.Read(ref refusing).Token)
                : throw KmsErrors.ServiceUnavailableTemporary.With();
        }
        catch (OperationCanceledException)
        {
            throw KmsErrors.ServiceUnavailableTemporary.With();
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
                _ = ready.Writer.TryWrite(MakeOne());
            }
        }
        catch (OperationCanceledException)
        {
            // the end
        }
    }

    /// <summary>Tries until it succeeds, ever more seldom. Until the next try whoever waits, or comes, is refused.</summary>
    private WrappingPair MakeOne()
    {
        var pause = ShortestRest;
        while (true)
        {
            try
            {
                return make();
            }
            catch (Exception exception)
            {
                // Why whatever it is: imports must not end for good with one failure, and the thread is the only one that makes pairs.
                NoPair(logger, exception, pause);
            }

            refusing.Cancel();
            rest(pause, stopping.Token);
            stopping.Token.ThrowIfCancellationRequested();
            // Why the old one is not disposed: a caller may be about to ask for its token.
            Volatile.Write(ref refusing, new CancellationTokenSource());
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestRest.Ticks));
        }
    }

    [LoggerMessage(26, LogLevel.Error, "No pair for imports could be made; tried again in {Pause}")]
    private static partial void NoPair(ILogger logger, Exception exception, TimeSpan pause);
}

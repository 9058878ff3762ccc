namespace KmsGateway.Core.Crypto;

/// <summary>
/// Calls that carry what is sealed from one moment to another, outside of a transaction. Nobody is kept waiting but the one who must
/// know that all that began before him have ended.
/// </summary>
internal sealed class CallsUnderWay
{
    private readonly Lock gate = new();
    private readonly HashSet<Call> calls = [];

    /// <summary>One begins; disposing it ends it.</summary>
    public IDisposable Begin()
    {
        var call = new Call(this);
        lock (gate)
        {
            calls.Add(call);
        }

        return call;
    }

    /// <summary>Completes when all that are under way now have ended; later ones do not matter.</summary>
    public Task EndOfPresentAsync()
    {
        lock (gate)
        {
            return Task.WhenAll(calls.Select(call => call.Ended));
        }
    }

    private sealed class Call(CallsUnderWay owner) : IDisposable
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => ended.Task;

        public void Dispose()
        {
            lock (owner.gate)
            {
                owner.calls.Remove(this);
            }

            ended.TrySetResult();
        }
    }
}

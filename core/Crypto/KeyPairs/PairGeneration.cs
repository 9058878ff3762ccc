using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Crypto.KeyPairs;

/// <summary>
/// Makes key pairs, which takes up to seconds of a processor each: on half of the processors at most, so that every other call goes
/// on, and never with more than a few callers waiting.
/// </summary>
internal sealed class PairGeneration : IDisposable
{
    /// <summary>Callers that are served or wait; beyond, they are told to come again.</summary>
    internal const int MostAtOnce = 32;

    private readonly SemaphoreSlim places = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int callers;

    /// <exception cref="KmsException">ServiceUnavailableTemporary: too many are waiting.</exception>
    public async Task<T> RunAsync<T>(Func<T> make)
    {
        try
        {
            if (Interlocked.Increment(ref callers) > MostAtOnce)
            {
                throw KmsErrors.ServiceUnavailableTemporary.With();
            }

            await places.WaitAsync();
            try
            {
                return await Task.Run(make);
            }
            finally
            {
                places.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref callers);
        }
    }

    public void Dispose() => places.Dispose();
}

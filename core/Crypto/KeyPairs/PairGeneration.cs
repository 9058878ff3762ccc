using KmsGateway.Core.Contract;
using KmsGateway.Core.Keys;

namespace KmsGateway.Core.Crypto.KeyPairs;

/// <summary>
/// Makes key pairs. RSA takes up to seconds of a processor each: on half of the processors at most, so that every other call goes
/// on, and never with more than a few callers waiting, of whom no account is more than a quarter. Others take no time and no place.
/// </summary>
internal sealed class PairGeneration : IDisposable
{
    /// <summary>Callers that are served or wait; beyond, they are told to come again.</summary>
    internal const int MostAtOnce = 32;

    /// <summary>The same of one account.</summary>
    internal const int MostOfAnAccount = MostAtOnce / 4;

    private readonly SemaphoreSlim places = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> callersOf = new(StringComparer.Ordinal);
    private int callers;

    /// <exception cref="KmsException">ServiceUnavailableTemporary: too many are waiting, of all or of this account.</exception>
    public async Task<T> RunAsync<T>(string account, KeySpec spec, Func<T> make)
    {
        if (!spec.IsSlowToMake)
        {
            return make();
        }

        Enter(account);
        try
        {
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
            Leave(account);
        }
    }

    public void Dispose() => places.Dispose();

    private void Enter(string account)
    {
        lock (gate)
        {
            var own = callersOf.GetValueOrDefault(account);
            if (callers >= MostAtOnce || own >= MostOfAnAccount)
            {
                throw KmsErrors.ServiceUnavailableTemporary.With();
            }

            callersOf[account] = own + 1;
            callers++;
        }
    }

    private void Leave(string account)
    {
        lock (gate)
        {
            callers--;
            if (--callersOf[account] == 0)
            {
                _ = callersOf.Remove(account);
            }
        }
    }
}

namespace KmsGateway.Core.Crypto.Software;

/// <summary>Objects for one thread at a time: as many as are needed at once are made, as many as there are processors are kept.</summary>
internal sealed class Lending<T>(Func<T> make) : IDisposable
    where T : class, IDisposable
{
    private readonly T?[] idle = new T?[Environment.ProcessorCount];

    /// <summary>One of them, until the loan is disposed.</summary>
    public Loan Borrow()
    {
        for (var slot = 0; slot < idle.Length; slot++)
        {
            if (Interlocked.Exchange(ref idle[slot], null) is { } item)
            {
                return new Loan(this, item);
            }
        }

        return new Loan(this, make());
    }

    /// <summary>Nothing may be lent at that time.</summary>
    public void Dispose()
    {
        for (var slot = 0; slot < idle.Length; slot++)
        {
            Interlocked.Exchange(ref idle[slot], null)?.Dispose();
        }
    }

    private void GiveBack(T item)
    {
        for (var slot = 0; slot < idle.Length; slot++)
        {
            if (Interlocked.CompareExchange(ref idle[slot], item, null) is null)
            {
                return;
            }
        }

        item.Dispose();
    }

    /// <summary>The use of one object; disposing it ends the use.</summary>
    internal readonly ref struct Loan(Lending<T> owner, T item) : IDisposable
    {
        public T Item => item;

        public void Dispose() => owner.GiveBack(item);
    }
}

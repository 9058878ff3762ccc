using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace KmsGateway.Core.Embedded;

/// <summary>A growing buffer of rented memory, cleared when it is given back: it may hold a plaintext.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private const int First = 4096;

    private byte[] bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = Math.Max(sizeHint, 1);
        if (bytes.Length - Length < needed)
        {
            Grow(Length + needed);
        }

        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>A stream that appends.</summary>
    public Stream AsStream() => new PooledWriter(this).AsStream();

    public Stream AsReadOnlyStream() => new MemoryStream(bytes, 0, Length, writable: false);

    public void Dispose()
    {
        var rented = bytes;
        bytes = [];
        Length = 0;
        GiveBack(rented);
    }

    private static void GiveBack(byte[] rented)
    {
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(First, Math.Max(needed, bytes.Length * 2)));
        bytes.AsSpan(0, Length).CopyTo(larger);
        GiveBack(bytes);
        bytes = larger;
    }
}

/// <summary>A pipe's writing end over <see cref="PooledBytes"/>; nothing is ever flushed anywhere.</summary>
internal sealed class PooledWriter(PooledBytes target) : PipeWriter
{
    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    public override void Advance(int bytes) => target.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => target.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => target.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        new(new FlushResult(cancellationToken.IsCancellationRequested, isCompleted: false));

    public override void CancelPendingFlush()
    {
        // Why: flushing never waits.
    }

    public override void Complete(Exception? exception = null)
    {
        // Why: the buffer outlives the pipe; who reads the answer disposes it.
    }
}

/// <summary>An answer whose buffer is cleared and given back when the message is disposed.</summary>
internal sealed class PooledContent(PooledBytes answer) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        await stream.WriteAsync(answer.Written);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(answer.AsReadOnlyStream());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => answer.AsReadOnlyStream();

    protected override bool TryComputeLength(out long length)
    {
        length = answer.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
        }

        base.Dispose(disposing);
    }
}

using System.Buffers;
using System.Text.Json;
using KmsGateway.Core.Contract;

namespace KmsGateway.Core.Http;

/// <summary>
/// The JSON object of a request, read into a rented array that is cleared when it is done with: it may hold a plaintext.
/// Strict: no duplicate members, no comments, no depth beyond 8.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Enough for the largest parameters with every character escaped.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private byte[] bytes;
    private int length;
    private JsonDocument? document;

    private RequestBody(int size) => bytes = ArrayPool<byte>.Shared.Rent(size);

    public JsonElement Root => document!.RootElement;

    /// <exception cref="KmsException">InvalidParameter naming <c>body</c>: not a JSON object, or more than <see cref="MaxBytes"/>.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            throw KmsErrors.InvalidParameter.With("body");
        }

        var body = new RequestBody((int)(request.ContentLength ?? 4096) + 1);
        try
        {
            await body.FillAsync(request.Body, cancellationToken);
            body.Parse();
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        document?.Dispose();
        var rented = bytes;
        bytes = [];
        if (rented.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private async ValueTask FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return;
            }

            length += read;
            if (length > MaxBytes)
            {
                throw KmsErrors.InvalidParameter.With("body");
            }

            if (length == bytes.Length)
            {
                Grow();
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        bytes = larger;
    }

    private void Parse()
    {
        try
        {
            document = JsonDocument.Parse(bytes.AsMemory(0, length), Strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Why: a member name with a lone surrogate is no JSON fault to the parser, but cannot be compared with the others.
            throw KmsErrors.InvalidParameter.With("body");
        }

        if (Root.ValueKind != JsonValueKind.Object)
        {
            throw KmsErrors.InvalidParameter.With("body");
        }
    }
}

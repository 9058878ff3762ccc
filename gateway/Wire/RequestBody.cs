using System.Globalization;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KmsGateway.Gateway.Wire;

/// <summary>Reads a body whole into memory, bounded, whether its length was declared or it came in chunks.</summary>
internal static class RequestBody
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const int FirstRead = 4096;

    /// <summary>Refuses a declared length that is too large, before a byte is read.</summary>
    public static void RefuseDeclaredLength(HttpRequest request)
    {
        if (request.ContentLength > WireLimits.MaxBodyBytes)
        {
            throw TooLarge();
        }
    }

    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var canHaveBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (!canHaveBody || request.ContentLength == 0)
        {
            return default;
        }

        try
        {
            return request.ContentLength is { } declared
                ? await ReadDeclaredAsync(request.Body, (int)declared, cancellationToken)
                : await ReadToEndAsync(request.Body, cancellationToken);
        }
        catch (IOException fault)
        {
            // Why any of them: the server has no one exception for chunks it cannot read, and a caller who is gone reads nothing.
            throw fault is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                ? TooLarge()
                : GatewayErrors.UndecodableRequest.With();
        }
    }

    /// <summary>Whether the body is a form; a charset other than UTF-8 is refused, and so is a type given twice.</summary>
    public static bool IsForm(StringValues contentType)
    {
        if (contentType.Count > 1)
        {
            throw GatewayErrors.UndecodableRequest.With();
        }

        var text = contentType.ToString();
        if (string.Equals(text, FormType, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(text, out var type) ||
            !type.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw GatewayErrors.UndecodableRequest.With();
    }

    private static KmsException TooLarge() =>
        GatewayErrors.RequestEntityTooLarge.With(WireLimits.MaxBodyBytes.ToString(CultureInfo.InvariantCulture));

    private static async ValueTask<ReadOnlyMemory<byte>> ReadDeclaredAsync(
        Stream body, int length, CancellationToken cancellationToken)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        var read = await body.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false, cancellationToken);
        return read == length ? bytes : throw GatewayErrors.UndecodableRequest.With();
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadToEndAsync(Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[FirstRead];
        var length = 0;
        while (true)
        {
            var read = await body.ReadAsync(bytes.AsMemory(length), cancellationToken);
            length += read;
            if (length > WireLimits.MaxBodyBytes)
            {
                throw TooLarge();
            }

            if (read == 0)
            {
                return bytes.AsMemory(0, length);
            }

            if (length == bytes.Length)
            {
                // Why: one byte beyond the limit is room enough to see that it is passed.
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, WireLimits.MaxBodyBytes + 1));
            }
        }
    }
}

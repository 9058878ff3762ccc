using System.Globalization;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace KmsGateway.Gateway.Hosting.Http;

/// <summary>
/// The first step of every request: sizes, then the path, before anything is parsed, authenticated or looked up. Also the last
/// resort for what a later step did not handle.
/// </summary>
internal sealed partial class RequestGuard(RequestDelegate next, IErrorResponse errors, ILogger<RequestGuard> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (IsFramedTwice(context.Request.Headers))
        {
            // Why close: where the next request begins is what sender and server may disagree on (threats.md row 5).
            context.Response.OnStarting(static state =>
            {
                ((HttpResponse)state).Headers.Connection = "close";
                return Task.CompletedTask;
            }, context.Response);
            await errors.WriteAsync(context, GatewayErrors.UndecodableRequest);
            return;
        }

        if (Refuse(context) is var (error, argument))
        {
            await errors.WriteAsync(context, error, argument);
            return;
        }

        if (context.Request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            context.Request.Body = new LimitedBody(context.Request.Body, WireLimits.MaxBodyBytes);
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Why: the caller is gone; there is nobody to answer and nothing to report.
            context.Abort();
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            var isTooLarge = exception.StatusCode == StatusCodes.Status413PayloadTooLarge;
            await errors.WriteAsync(context, isTooLarge ? GatewayErrors.RequestEntityTooLarge : GatewayErrors.UndecodableRequest, Text(WireLimits.MaxBodyBytes));
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Log.RequestFailed(logger, context.TraceIdentifier, exception);
            await errors.WriteAsync(context, GatewayErrors.InternalError);
        }
    }

    /// <summary>Anything but one length, or one plain <c>chunked</c>.</summary>
    private static bool IsFramedTwice(IHeaderDictionary headers)
    {
        var encoding = headers.TransferEncoding;
        return encoding.Count > 0
            && (encoding.Count > 1 || headers.ContentLength is not null || !"chunked".Equals(encoding[0], StringComparison.OrdinalIgnoreCase));
    }

    private static (KmsError Error, string? Argument)? Refuse(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.Length > WireLimits.MaxTargetBytes)
        {
            return (GatewayErrors.RequestUriTooLong, Text(WireLimits.MaxTargetBytes));
        }

        if (HeadersFault(context.Request.Headers) is { } fault)
        {
            return (GatewayErrors.RequestHeaderFieldsTooLarge, fault);
        }

        if (context.Request.ContentLength > WireLimits.MaxBodyBytes)
        {
            return (GatewayErrors.RequestEntityTooLarge, Text(WireLimits.MaxBodyBytes));
        }

        return PathIsLiteral(target, context.Request.Path) ? null : (GatewayErrors.PathNotFound, null);
    }

    /// <summary>Counts lines as the caller sent them: name, colon, blank, value, line end.</summary>
    private static string? HeadersFault(IHeaderDictionary headers)
    {
        const int separators = 4;
        int lines = 0, bytes = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                lines++;
                bytes += name.Length + (value?.Length ?? 0) + separators;
            }
        }

        if (lines > WireLimits.MaxHeaders)
        {
            return $"{Text(WireLimits.MaxHeaders)} headers";
        }

        return bytes > WireLimits.MaxHeaderBytes ? $"{Text(WireLimits.MaxHeaderBytes)} bytes" : null;
    }

    /// <summary>
    /// Whether the path is what the caller wrote, nothing unescaped and no dots removed: a path has one spelling here
    /// (threats.md row 7). <c>GET http://host/?x</c>, the form for proxies, counts by its path.
    /// </summary>
    private static bool PathIsLiteral(string target, PathString path)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var written = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        var scheme = written.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && written[0] != '/')
        {
            var authority = written[(scheme + 3)..];
            var slash = authority.IndexOf('/');
            written = slash < 0 ? "/" : authority[slash..];
        }

        return written.SequenceEqual(path.Value);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "Request {TraceId} failed.")]
        public static partial void RequestFailed(ILogger logger, string traceId, Exception exception);
    }
}

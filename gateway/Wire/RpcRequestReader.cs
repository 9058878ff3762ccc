using System.Buffers;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Rendering;
using Microsoft.AspNetCore.Http.Features;

namespace KmsGateway.Gateway.Wire;

/// <summary>
/// Makes one <see cref="RpcRequest"/> of a request exactly as it arrived: steps 1 to 3 of the order of checks, but for the
/// sizes of target and headers, which the host's guard has looked at before. The server's own parsers of query and form are
/// never asked. Source: signing.md 2.2, 6, 9.
/// </summary>
internal static class RpcRequestReader
{
    private static readonly Comparison<KeyValuePair<string, string>> ByName =
        static (left, right) => string.CompareOrdinal(left.Key, right.Key);

    /// <summary>Reads the request.</summary>
    /// <exception cref="KmsException">
    /// <c>RequestEntityTooLarge</c>, <c>UnsupportedHTTPMethod</c>, <c>ParseRequestParameterException</c>, <c>InvalidParameter</c>.
    /// </exception>
    public static async ValueTask<RpcRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        ParameterRules.RefuseHeaders(request.Headers);
        RequestBody.RefuseDeclaredLength(request);
        if (request.Method is not ("GET" or "POST"))
        {
            throw GatewayErrors.UnsupportedHttpMethod.With();
        }

        var (path, pairs) = ReadTarget(target);
        var body = await RequestBody.ReadAsync(request, cancellationToken);
        var isForm = RequestBody.IsForm(request.Headers.ContentType);
        return Assemble(request, path, pairs, body, isForm);
    }

    private static (string Path, List<KeyValuePair<string, string>> Pairs) ReadTarget(string target)
    {
        // Why: an absolute target would name a second host beside the Host header, and only one of them is signed.
        if (!target.StartsWith('/') || !Ascii.IsValid(target))
        {
            throw GatewayErrors.UndecodableRequest.With();
        }

        var pairs = new List<KeyValuePair<string, string>>();
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0)
        {
            return (target, pairs);
        }

        var query = target.AsSpan(mark + 1);
        var bytes = ArrayPool<byte>.Shared.Rent(query.Length + 1);
        try
        {
            var length = Encoding.ASCII.GetBytes(query, bytes);
            ParameterDecoder.Decode(bytes.AsSpan(0, length), pairs);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }

        return (mark == 1 ? "/" : target[..mark], pairs);
    }

    private static RpcRequest Assemble(
        HttpRequest request, string path, List<KeyValuePair<string, string>> pairs, ReadOnlyMemory<byte> body, bool isForm)
    {
        var fromForm = isForm && !body.IsEmpty;
        var query = fromForm ? Collect(pairs) : null;
        if (fromForm)
        {
            ParameterDecoder.Decode(body.Span, pairs);
        }

        var parameters = Collect(pairs);
        ParameterRules.Refuse(parameters);
        var bySignedHeaders = AcsAuthorization.IsPresent(request.Headers);
        var format = RequestedFormat.Of(request.Headers, parameters, bySignedHeaders);
        return new RpcRequest
        {
            Method = request.Method,
            Path = path,
            Host = request.Headers.Host.ToString(),
            Headers = request.Headers,
            Parameters = parameters,
            Query = query ?? parameters,
            Body = body,
            HasOpaqueBody = !isForm && !body.IsEmpty,
            Format = format ?? ResponseFormat.Json,
            IsFormatKnown = format is not null,
            Action = Selected(request.Headers, parameters, WireNames.ActionHeader, WireNames.Action, bySignedHeaders),
            Version = Selected(request.Headers, parameters, WireNames.VersionHeader, WireNames.Version, bySignedHeaders),
            SelectedBy = bySignedHeaders ? SelectionSource.Headers : SelectionSource.Parameters,
        };
    }

    private static ParameterCollection Collect(List<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count == 0)
        {
            return ParameterCollection.Empty;
        }

        var sorted = pairs.ToArray();
        sorted.AsSpan().Sort(ByName);
        return new ParameterCollection(sorted);
    }

    // Invariant: the operation is read only from where the signature of the request covers it.
    private static string? Selected(
        IHeaderDictionary headers, ParameterCollection parameters, string header, string parameter, bool bySignedHeaders)
    {
        if (!bySignedHeaders)
        {
            return parameters.ValueOrNull(parameter);
        }

        var values = headers[header];
        return values.Count == 1 && !string.IsNullOrEmpty(values[0]) ? values[0] : null;
    }
}

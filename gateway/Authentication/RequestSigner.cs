using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Wire;

namespace KmsGateway.Gateway.Authentication;

/// <summary>
/// The client's side of both schemes, for the demo command and for tests: signs as the official clients do, over the same
/// texts that the verifier builds.
/// </summary>
/// <param name="accessKeyId">Whose key.</param>
/// <param name="secret">The AccessKeySecret; stays the caller's.</param>
/// <param name="clock">For the time stamps.</param>
/// <param name="securityToken">With a temporary key.</param>
internal sealed class RequestSigner(string accessKeyId, SecretBuffer secret, TimeProvider clock, string? securityToken = null)
{
    private const string StampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>
    /// All parameters of a signature 1.0 request, the common ones and the signature included; what is given wins over the common
    /// ones, and an empty string for <c>SignatureNonce</c> leaves the nonce out.
    /// </summary>
    public IReadOnlyDictionary<string, string> SignRpc(
        string method, string version, string action, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var all = new SortedDictionary<string, string>(CommonParameters(version, action), StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            all[name] = value;
        }

        if (all[WireNames.SignatureNonce].Length == 0)
        {
            all.Remove(WireNames.SignatureNonce);
        }

        using var buffer = new CanonicalBuffer();
        RpcStringToSign.Write(buffer, method, all.ToArray());
        Span<byte> signature = stackalloc byte[RpcStringToSign.SignatureBytes];
        RpcStringToSign.Sign(secret.ExposeBytes(), buffer.Written, signature);
        all[WireNames.Signature] = Convert.ToBase64String(signature);
        return all;
    }

    /// <summary>A signature 1.0 request: GET with everything in the query, POST with everything in the form.</summary>
    public HttpRequestMessage Rpc(
        HttpMethod method, Uri endpoint, string version, string action, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var encoded = Encode(SignRpc(method.Method, version, action, parameters));
        if (method == HttpMethod.Get)
        {
            return new HttpRequestMessage(method, new Uri(endpoint, "/?" + encoded));
        }

        return new HttpRequestMessage(method, new Uri(endpoint, "/"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(encoded)) { Headers = { { "Content-Type", FormType } } },
        };
    }

    /// <summary>An ACS3 request: parameters in the query, an optional body of the given type.</summary>
    public HttpRequestMessage Acs3(
        HttpMethod method,
        Uri endpoint,
        string version,
        string action,
        IEnumerable<KeyValuePair<string, string>> parameters,
        byte[]? body = null,
        string? contentType = null,
        string path = "/")
    {
        var query = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            query.Add(name, value);
        }

        var headers = SignAcs3(method.Method, endpoint.Authority, version, action, query.ToArray(), body ?? [], contentType, path);
        var request = new HttpRequestMessage(method, new Uri(endpoint, query.Count == 0 ? path : $"{path}?{Encode(query)}"));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }

        foreach (var (name, values) in headers)
        {
            var target = name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
                ? (System.Net.Http.Headers.HttpHeaders?)request.Content?.Headers
                : request.Headers;
            target?.TryAddWithoutValidation(name, values.ToString());
        }

        return request;
    }

    /// <summary>The headers of an ACS3 request, <c>Authorization</c> included.</summary>
    public IHeaderDictionary SignAcs3(
        string method,
        string host,
        string version,
        string action,
        KeyValuePair<string, string>[] sortedQuery,
        byte[] body,
        string? contentType,
        string path = "/")
    {
        var headers = new HeaderDictionary
        {
            ["host"] = host,
            [WireNames.ActionHeader] = action,
            [WireNames.VersionHeader] = version,
            [WireNames.DateHeader] = Stamp(),
            [WireNames.NonceHeader] = NewNonce(),
            [WireNames.ContentHashHeader] = Convert.ToHexStringLower(SHA256.HashData(body)),
        };
        if (contentType is not null)
        {
            headers["content-type"] = contentType;
        }

        if (securityToken is not null)
        {
            headers["x-acs-accesskey-id"] = accessKeyId;
            headers[WireNames.SecurityTokenHeader] = securityToken;
        }

        headers["Authorization"] = Authorize(headers, method, path, sortedQuery, body);
        return headers;
    }

    /// <summary>Pairs as a query or form, strictly encoded.</summary>
    public static string Encode(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        using var buffer = new CanonicalBuffer();
        foreach (var (name, value) in parameters)
        {
            if (!buffer.Written.IsEmpty)
            {
                buffer.Append((byte)'&');
            }

            PercentEncoding.Append(buffer, name, EncodingRule.Strict);
            buffer.Append((byte)'=');
            PercentEncoding.Append(buffer, value, EncodingRule.Strict);
        }

        return buffer.ToString();
    }

    private static string NewNonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private string Authorize(HeaderDictionary headers, string method, string path, KeyValuePair<string, string>[] sortedQuery, byte[] body)
    {
        var signedHeaders = string.Join(';', headers.Keys.Order(StringComparer.Ordinal));
        using var canonical = new CanonicalBuffer();
        Acs3StringToSign.WriteCanonicalRequest(canonical, method, path, sortedQuery, headers, signedHeaders, body);
        using var text = new CanonicalBuffer();
        Acs3StringToSign.WriteStringToSign(text, canonical.Written);
        Span<byte> signature = stackalloc byte[Acs3StringToSign.SignatureBytes];
        Acs3StringToSign.Sign(secret.ExposeBytes(), text.Written, signature);
        return $"{Acs3StringToSign.Algorithm} Credential={accessKeyId},SignedHeaders={signedHeaders}," +
            $"Signature={Convert.ToHexStringLower(signature)}";
    }

    private string Stamp() => clock.GetUtcNow().ToString(StampFormat, CultureInfo.InvariantCulture);

    private Dictionary<string, string> CommonParameters(string version, string action)
    {
        var common = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [WireNames.AccessKeyId] = accessKeyId,
            [WireNames.Action] = action,
            [WireNames.Format] = "JSON",
            [WireNames.SignatureMethod] = "HMAC-SHA1",
            [WireNames.SignatureNonce] = NewNonce(),
            [WireNames.SignatureVersion] = "1.0",
            [WireNames.Timestamp] = Stamp(),
            [WireNames.Version] = version,
        };
        if (securityToken is not null)
        {
            common[WireNames.SecurityToken] = securityToken;
        }

        return common;
    }
}

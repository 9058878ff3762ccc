using System.Text;
using KmsGateway.Core.Contract;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Wire;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>Makes signed requests of one access key, and gateways that know it.</summary>
internal sealed class SignedRequests
{
    public const string KeyId = "testAk";
    public const string Secret = "testSecret";
    public const string Version = "2016-01-20";

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 30, 0, TimeSpan.Zero);

    public TestClock Clock { get; } = new(Start);

    public FakeAccessKeySource Keys { get; } = new FakeAccessKeySource().Add(KeyId, Secret);

    public TestGateway NewGateway(Action<ReplayOptions>? replay = null, Action<Microsoft.Extensions.Logging.ILoggingBuilder>? logging = null) =>
        new(Clock, Keys, replay: replay, logging: logging);

    public RequestSigner Signer(string id = KeyId, string secret = Secret, string? token = null) =>
        new(id, new SecretBuffer(Encoding.UTF8.GetBytes(secret)), Clock, token);

    /// <summary>All signed parameters, the signature included.</summary>
    public Dictionary<string, string> Signed(string method = "GET", params (string Name, string Value)[] parameters) =>
        new(Signer().SignRpc(method, Version, "ListKeys", parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))));

    public TestRequest Get(params (string Name, string Value)[] parameters) =>
        TestRequest.Get("/?" + RequestSigner.Encode(Signed("GET", parameters)));

    /// <summary>Signs parameters in Node's way: <c>! ' ( ) *</c> bare in what is signed.</summary>
    public TestRequest GetTheNodeWay(params (string Name, string Value)[] parameters)
    {
        var all = Signed("GET", parameters);
        all.Remove(WireNames.Signature);
        using var buffer = new CanonicalBuffer();
        RpcStringToSign.Write(buffer, "GET", all.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray(), isNodeVariant: true);
        var signature = new byte[RpcStringToSign.SignatureBytes];
        RpcStringToSign.Sign(Encoding.UTF8.GetBytes(Secret), buffer.Written, signature);
        all[WireNames.Signature] = Convert.ToBase64String(signature);
        return TestRequest.Get("/?" + RequestSigner.Encode(all));
    }

    /// <summary>An ACS3 request without a body; the signature is made after <paramref name="alter"/>.</summary>
    public TestRequest Acs3(
        string target = "/", Action<Microsoft.AspNetCore.Http.IHeaderDictionary>? alter = null, byte[]? body = null, string? type = null,
        RequestSigner? signer = null)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        ParameterDecoder.Decode(Encoding.ASCII.GetBytes(target.Length > 2 ? target[2..] : string.Empty), pairs);
        var headers = (signer ?? Signer()).SignAcs3(
            "POST", "kms.example", Version, "Encrypt", pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray(), body ?? [], type);
        alter?.Invoke(headers);
        return new TestRequest(
            "POST", target, [.. headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value!)))], body ?? []);
    }
}

using System.Text;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Wire;
using KmsGateway.Tests;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>Requests of the official clients, accepted and altered, through reader, authentication and error writer.</summary>
public sealed class SigningVectorsTests
{
    public static TheoryData<string, string> Accepted => Named(file => [.. file.Positive ?? [], .. file.Interop ?? []]);

    public static TheoryData<string, string> Refused => Named(file => file.Negative ?? []);

    [Fact]
    public void CommittedFile_HoldsEveryVector()
    {
        var file = SigningVectorFile.Committed;
        Assert.Equal((79, 10, 5, 54), (file.Positive!.Length, file.Interop!.Length, file.Published!.Length, file.Negative!.Length));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task AcceptedVector_Passes_WithTheClientsOwnTexts(string fileName, string id)
    {
        var (file, vector) = Find(fileName, id);
        using var gateway = NewGateway(file, vector.Now);
        var answer = await gateway.SendAsync(vector.Request.ToTestRequest());
        if (vector.Optional && answer.Status != 200)
        {
            SigningVectorAssert.CleanRefusal(answer);
            return;
        }

        SigningVectorAssert.Accepted(vector, answer);
        SigningVectorAssert.SameTexts(vector, answer.Request!);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task RefusedVector_IsRefused_WithItsCode(string fileName, string id)
    {
        var (file, vector) = Find(fileName, id);
        using var gateway = NewGateway(file, vector.Now);
        foreach (var first in vector.PrecededBy ?? [])
        {
            var earlier = Find(fileName, first).Vector;
            gateway.Clock.Set(earlier.Now);
            Assert.Equal(200, (await gateway.SendAsync(earlier.Request.ToTestRequest())).Status);
        }

        gateway.Clock.Set(vector.Now);
        SigningVectorAssert.Refused(vector, await gateway.SendAsync(vector.Request.ToTestRequest()));
    }

    [Theory]
    [InlineData("acs3-roa-001", null)]
    [InlineData("acs3-roa-002", "UnsupportedHTTPMethod")]
    [InlineData("acs3-rsa-001", "InvalidSignatureMethod")]
    [InlineData("acs3-sm3-001", "InvalidSignatureMethod")]
    public async Task OptionalVector_HasItsPinnedAnswer(string id, string? code)
    {
        var (file, vector) = Find("committed", id);
        Assert.True(vector.Optional);
        using var gateway = NewGateway(file, vector.Now);
        Assert.Equal(code, (await gateway.SendAsync(vector.Request.ToTestRequest())).Code);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task AcceptedVector_SentTwice_PassesOnce(string fileName, string id)
    {
        var (file, vector) = Find(fileName, id);
        using var gateway = NewGateway(file, vector.Now);
        var first = await gateway.SendAsync(vector.Request.ToTestRequest());
        var second = await gateway.SendAsync(vector.Request.ToTestRequest());
        Assert.Equal(first.Status == 200 ? "SignatureNonceUsed" : first.Code, second.Code);
    }

    internal static (SigningVectorFile File, Vector Vector) Find(string fileName, string id)
    {
        var file = SigningVectorFile.All[fileName];
        var vector = file.Requests.FirstOrDefault(candidate => candidate.Id == id)
            ?? SigningVectorFile.Committed.Requests.Single(candidate => candidate.Id == id);
        return (file, vector);
    }

    private static TestGateway NewGateway(SigningVectorFile file, DateTimeOffset now) =>
        new(new TestClock(now), file.Keys(), SigningVectorFile.KnownActions);

    private static TheoryData<string, string> Named(Func<SigningVectorFile, IEnumerable<Vector>> choose)
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, file) in SigningVectorFile.All)
        {
            foreach (var vector in choose(file))
            {
                data.Add(name, vector.Id);
            }
        }

        return data;
    }
}

/// <summary>What a vector's expectation means.</summary>
internal static class SigningVectorAssert
{
    public static void Accepted(Vector vector, TestAnswer answer)
    {
        Assert.True(answer.Status == 200, answer.Body);
        var request = answer.Request!;
        Assert.Equal(vector.Credential!.AccessKeyId, answer.Outcome!.Principal!.AccessKeyId);
        Assert.Equal((vector.Expected.Action, vector.Expected.Version), (request.Action, request.Version));
        if (vector.Expected.Parameters is { } parameters)
        {
            Assert.Equal(Sorted(parameters), Sorted(request.Parameters.Where(pair => pair.Key != "Signature")));
        }

        if (vector.Expected.QueryParameters is { } query)
        {
            Assert.Equal(Sorted(query), Sorted(request.Query));
            Assert.Equal(Sorted(query.Concat(vector.Expected.FormParameters ?? [])), Sorted(request.Parameters));
        }
    }

    public static void SameTexts(Vector vector, RpcRequest request)
    {
        var secret = Encoding.UTF8.GetBytes(vector.Credential!.AccessKeySecret!);
        using var buffer = new CanonicalBuffer();
        if (request.SelectedBy == SelectionSource.Parameters)
        {
            RpcStringToSign.Write(buffer, request.Method, request.Parameters.AsSpan());
            Assert.Equal(vector.Expected.StringToSign, buffer.ToString());
            var signature = new byte[RpcStringToSign.SignatureBytes];
            RpcStringToSign.Sign(secret, buffer.Written, signature);
            Assert.Equal(vector.Expected.Signature, Convert.ToBase64String(signature));
            return;
        }

        var signedHeaders = Acs3Authorization.TryParse(request.Headers.Authorization.ToString())!.SignedHeaders;
        Acs3StringToSign.WriteCanonicalRequest(
            buffer, request.Method, request.Path, request.Query.AsSpan(), request.Headers, signedHeaders, request.Body.Span);
        Assert.Equal(vector.Expected.CanonicalRequest, buffer.ToString());
        using var text = new CanonicalBuffer();
        Acs3StringToSign.WriteStringToSign(text, buffer.Written);
        Assert.Equal(vector.Expected.StringToSign, text.ToString());
        var mac = new byte[Acs3StringToSign.SignatureBytes];
        Acs3StringToSign.Sign(secret, text.Written, mac);
        Assert.Equal(vector.Expected.Signature, Convert.ToHexStringLower(mac));
    }

    public static void Refused(Vector vector, TestAnswer answer)
    {
        var expected = vector.Expected;
        Assert.Contains(answer.Code, expected.CodeAnyOf ?? [expected.Code!]);
        Assert.Equal(expected.HttpStatus, answer.Status);
        CleanRefusal(answer);
        if (expected.Message is { } message && answer.Code == expected.Code)
        {
            Assert.Equal(message, answer.Message);
        }

        if (expected.ServerStringToSign is { } text)
        {
            Assert.Equal(
                expected.ServerCanonicalRequest is { } canonical
                    ? $"Specified signature does not match our calculation. server StringToSign is [{text}] server CanonicalRequest is [{canonical}]"
                    : $"Specified signature is not matched with our calculation. server string to sign is:{text}",
                answer.Message);
        }
    }

    public static void CleanRefusal(TestAnswer answer)
    {
        Assert.InRange(answer.Status, 400, 499);
        Assert.False(string.IsNullOrEmpty(answer.Code));
        Assert.Equal("application/json;charset=utf-8", answer.ContentType);
        Assert.Null(answer.Outcome?.Principal is not null && answer.Code is not ("InvalidVersion" or "InvalidAction.NotFound") ? "a principal" : null);
    }

    private static KeyValuePair<string, string>[] Sorted(IEnumerable<KeyValuePair<string, string>> pairs) =>
        [.. pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal)];
}

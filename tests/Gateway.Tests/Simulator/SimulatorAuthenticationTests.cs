using System.Net.Http.Headers;
using System.Text;
using KmsGateway.Gateway.Simulator;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary>Who may ask below <c>/policy/</c>, and how a request proves it (simulator.md 2).</summary>
public sealed class SimulatorAuthenticationTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private readonly ApiGateway gateway = shared.Gateway;

    public static TheoryData<string> Paths => [.. SimulatorEndpoints.All.Select(endpoint => endpoint.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Request_WithoutSignature_IsRefused(string path)
    {
        using var request = gateway.SignedRequest(gateway.Root, path, BodyFor(path));
        request.Headers.Authorization = null;
        Assert.Equal((400, "MissingAccessKeyId"), await SendAsync(request));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Request_WithBearer_IsRefusedSayingWhatToDo(string path)
    {
        using var request = gateway.SignedRequest(gateway.Root, path, BodyFor(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "some.token.here");
        Assert.Equal((400, "InvalidBearerToken"), await SendAsync(request));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Request_SignedByAStranger_IsRefused(string path)
    {
        using var request = gateway.SignedRequest(new ApiCaller("testAkNobody", "whatever"), path, BodyFor(path));
        Assert.Equal((404, "InvalidAccessKeyId.NotFound"), await SendAsync(request));
    }

    [Fact]
    public async Task Body_ChangedAfterSigning_IsRefused()
    {
        using var request = gateway.SignedRequest(gateway.Root, "/policy/validate", """{"document":{}}""");
        var type = request.Content!.Headers.ContentType;
        request.Content = new ByteArrayContent("""{"document":[]}"""u8.ToArray());
        request.Content.Headers.ContentType = type;
        Assert.Equal((400, "SignatureDoesNotMatch"), await SendAsync(request));
    }

    [Fact]
    public async Task Signature_MovedToAnotherPath_IsRefused()
    {
        using var request = gateway.SignedRequest(gateway.Root, "/policy/validate", """{"document":{}}""", "GetPolicyVocabulary");
        Assert.Equal((404, "InvalidAction.NotFound"), await SendAsync(request));

        using var moved = gateway.SignedRequest(gateway.Root, "/policy/vocabulary", null);
        moved.Method = HttpMethod.Get;
        moved.RequestUri = new Uri(gateway.Hosted.Http, "/policy/vocabulary?x=1");
        Assert.Equal((400, "SignatureDoesNotMatch"), await SendAsync(moved));
    }

    [Fact]
    public async Task Request_Repeated_IsRefused()
    {
        using var first = gateway.SignedRequest(gateway.Root, "/policy/vocabulary", null);
        using var again = new HttpRequestMessage(HttpMethod.Get, first.RequestUri);
        foreach (var (name, values) in first.Headers)
        {
            again.Headers.TryAddWithoutValidation(name, values);
        }

        Assert.Equal(200, (await SendAsync(first)).Status);
        Assert.Equal((400, "SignatureNonceUsed"), await SendAsync(again));
    }

    [Fact]
    public async Task Version_OfAnotherProduct_IsRefused()
    {
        using var request = gateway.SignedRequest(gateway.Root, "/policy/vocabulary", null, version: "2016-01-20");
        Assert.Equal((400, "InvalidVersion"), await SendAsync(request));
    }

    [Fact]
    public async Task ActionOfAnEndpoint_SentToTheApi_IsUnknown()
    {
        var answer = await gateway.CallAsync(gateway.Root, SimulatorEndpoints.Version, "ValidatePolicy");
        Assert.Equal((400, "InvalidVersion"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("/policy")]
    [InlineData("/policy/")]
    [InlineData("/policy/Validate")]
    [InlineData("/policy/validate/")]
    [InlineData("/policy/replay")]
    public async Task OtherPaths_AreNotThere(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Hosted.Http, path));
        Assert.Equal(404, (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Body_OverOneMebibyte_IsRefusedNamingTheLimit()
    {
        const string frame = """{"document":"","x":""}""";
        var atLimit = frame.Replace("\"x\":\"", "\"x\":\"" + new string('x', (1024 * 1024) - frame.Length), StringComparison.Ordinal);
        Assert.Equal(1024 * 1024, Encoding.UTF8.GetByteCount(atLimit));

        var within = await gateway.AskAsync(gateway.Root, "/policy/validate", atLimit);
        var beyond = await gateway.AskAsync(gateway.Root, "/policy/validate", atLimit + " ");

        Assert.Equal((400, "InvalidParameter"), (within.Status, within.Code));
        Assert.Contains("body#/x: unknown", within["Message"], StringComparison.Ordinal);
        Assert.Equal((413, "RequestEntityTooLarge"), (beyond.Status, beyond.Code));
        Assert.Contains("1048576", beyond["Message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "body#: is no strict JSON")]
    [InlineData("{", "body#: is no strict JSON")]
    [InlineData("{}x", "body#: is no strict JSON")]
    [InlineData("[]", "body#: must be an object")]
    [InlineData("{\"document\":1,\"document\":2}", "body#/document: given twice")]
    [InlineData("{\"document\":\"\\ud800\"}", "body#: holds half of a surrogate pair")]
    [InlineData("{\"\\ud800\":1}", "body#: holds half of a surrogate pair")]
    [InlineData("{}", "body#: document is missing")]
    public async Task Body_ThatIsNoStrictObject_IsRefusedNamingThePlace(string body, string expected)
    {
        var answer = await gateway.AskAsync(gateway.Root, "/policy/validate", body);
        Assert.Equal((400, "InvalidParameter"), (answer.Status, answer.Code));
        Assert.Contains(expected, answer["Message"], StringComparison.Ordinal);
    }

    private static string? BodyFor(string path) => SimulatorEndpoints.All.Single(each => each.Path == path).Method == "POST" ? "{}" : null;

    private async Task<(int Status, string Code)> SendAsync(HttpRequestMessage request)
    {
        using var response = await gateway.Hosted.Client.SendAsync(request);
        using var body = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, body.RootElement.TryGetProperty("Code", out var code) ? code.GetString()! : "OK");
    }
}

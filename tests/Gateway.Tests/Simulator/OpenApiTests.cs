using System.Text.Json;
using KmsGateway.Gateway.Simulator;
using KmsGateway.Gateway.Tests.Pipeline;

namespace KmsGateway.Gateway.Tests.Simulator;

/// <summary><c>GET /policy/openapi.json</c>: kept by hand, held to the endpoints and to what they really take and answer.</summary>
public sealed class OpenApiTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Policy = """{"Version":"1","Statement":[{"Sid":"S","Effect":"Allow","Action":"kms:Encrypt","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}}]}""";

    private readonly ApiGateway gateway = shared.Gateway;

    [Fact]
    public async Task Document_HasTheEndpointsWithTheirNamesAndMethods()
    {
        var document = await DocumentAsync();
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var described =
            from path in document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select (path.Name, method.Name.ToUpperInvariant(), method.Value.GetProperty("operationId").GetString());
        Assert.Equal(
            SimulatorEndpoints.All.Select(endpoint => (endpoint.Path, endpoint.Method, (string?)endpoint.Action.Name)).Order(),
            described.Order());
        Assert.Equal(SimulatorEndpoints.Version, document.GetProperty("info").GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("/policy/simulate")]
    [InlineData("/policy/matrix")]
    [InlineData("/policy/diff")]
    [InlineData("/policy/who-can")]
    [InlineData("/policy/validate")]
    public async Task Request_TakesTheMembersThatAreDescribedAndNoOther(string path)
    {
        var document = await DocumentAsync();
        var properties = BodyOf(document, path).GetProperty("properties").EnumerateObject().Select(member => member.Name).ToArray();
        Assert.NotEmpty(properties);
        foreach (var name in properties)
        {
            var answer = await gateway.AskAsync(gateway.Root, path, $$"""{"{{name}}":null}""");
            Assert.Equal(400, answer.Status);
            Assert.DoesNotContain("unknown; the nearest", answer["Message"], StringComparison.Ordinal);
        }

        var other = await gateway.AskAsync(gateway.Root, path, """{"somethingElse":null}""");
        Assert.Contains("unknown; the nearest", other["Message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestsAndAnswers_FitTheirSchemas()
    {
        var document = await DocumentAsync();
        var check = new SchemaCheck(document);
        var key = await gateway.CreateKeyAsync(("Project", "Apollo"));
        var alias = await gateway.CreateAliasAsync(key);
        var alice = await gateway.CreateSimulatorUserAsync("""{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/8"}}},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}""");
        _ = await gateway.CreateRoleAsync("""{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}""");
        var parsed = JsonDocument.Parse(Policy).RootElement;
        (string Path, object Body)[] requests =
        [
            ("/policy/simulate", new { principal = alice.Arn, policies = new[] { new { name = "Draft", document = parsed } }, explain = "all", tags = new Dictionary<string, object> { [alias] = new { Project = "x" } }, context = new Dictionary<string, object> { ["acs:SourceIp"] = new[] { "10.0.0.1", "10.0.0.2" } }, calls = new[] { new { action = "kms:*", resources = new[] { alias } } } }),
            ("/policy/simulate", new { policies = new[] { new { document = Policy } }, calls = new object[] { new { action = "kms:DescribeRegions" }, new { action = "kms:Encrypt", resources = new[] { "alias/no-such" } } } }),
            ("/policy/matrix", new { principals = new { a = alice.Arn }, actions = new[] { "kms:Encrypt", "kms:ListKeys" }, resources = new[] { key }, contexts = new { c = new Dictionary<string, string> { ["acs:SourceIp"] = "10.0.0.1" } }, expect = new[] { new { decision = "ImplicitDeny" } } }),
            ("/policy/matrix", new { format = "kmsgateway-policy-matrix/1", policies = new { P = parsed }, principals = new { a = new { arn = alice.Arn, policies = new[] { "P" } } }, actions = new[] { "kms:Encrypt" }, resources = new { k = new { arn = $"acs:kms:cn-hangzhou:{ApiGateway.Account}:key/k", tags = new { A = "b" } } } }),
            ("/policy/diff", new { before = new { policy = $"{alice.Name}-policy", version = "v1" }, after = new[] { new { document = Policy } } }),
            ("/policy/who-can", new { action = "kms:Encrypt", resource = alias }),
            ("/policy/who-can", new { action = "kms:Decrypt", resource = key, context = new Dictionary<string, string> { ["acs:SourceIp"] = "10.0.0.1" } }),
            ("/policy/validate", new { document = """{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encript","Resource":"*"}]}""", kind = "identity" }),
        ];
        foreach (var (path, body) in requests)
        {
            var text = JsonSerializer.Serialize(body);
            var answer = await gateway.AskAsync(gateway.Root, path, text);
            Assert.True(answer.Status == 200, $"{path}: {answer.Text}");
            Assert.Null(check.Fault(BodyOf(document, path), JsonDocument.Parse(text).RootElement));
            Assert.Null(check.Fault(AnswerOf(document, path, "200"), answer.Body));
        }

        var vocabulary = await gateway.AskAsync(gateway.Root, "/policy/vocabulary");
        Assert.Null(check.Fault(AnswerOf(document, "/policy/vocabulary", "200"), vocabulary.Body));
        var refused = await gateway.AskAsync(gateway.Root, "/policy/simulate", """{"policies":[{"document":{}}],"calls":[]}""");
        Assert.Equal("MalformedPolicyDocument", refused.Code);
        Assert.Null(check.Fault(AnswerOf(document, "/policy/simulate", "default"), refused.Body));
        Assert.NotNull(check.Fault(AnswerOf(document, "/policy/simulate", "200"), refused.Body));
    }

    private static JsonElement Operation(JsonElement document, string path) =>
        document.GetProperty("paths").GetProperty(path).EnumerateObject().Single().Value;

    private static JsonElement BodyOf(JsonElement document, string path) => new SchemaCheck(document).Resolve(
        Operation(document, path).GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!);

    private static JsonElement AnswerOf(JsonElement document, string path, string status) =>
        Operation(document, path).GetProperty("responses").GetProperty(status).GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private async Task<JsonElement> DocumentAsync()
    {
        var answer = await gateway.AskAsync(gateway.Root, "/policy/openapi.json");
        Assert.Equal(200, answer.Status);
        return answer.Body;
    }
}

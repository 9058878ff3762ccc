using System.Text.Json;
using KmsGateway.Gateway.Catalogue;

namespace KmsGateway.Gateway.Tests.Pipeline;

/// <summary>One event per request of a known caller, built from the allow-list (audit-and-service-keys.md A1 to A4; threats.md 20).</summary>
public sealed class TrailTests : IAsyncLifetime
{
    private ApiGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await ApiGateway.StartAsync();

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task Encrypt_Allowed_RecordsWhoWhatAndWhyAndNoPlaintext()
    {
        var key = await gateway.CreateKeyAsync();
        await gateway.KmsAsync(gateway.Root, "CreateAlias", ("AliasName", "alias/app"), ("KeyId", key));
        var alice = await gateway.CreateUserAsync("alice", """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}""");

        var answer = await gateway.KmsAsync(
            alice, "Encrypt", ("KeyId", "alias/app"), ("Plaintext", "marker-plaintext"), ("EncryptionContext", """{"tenant":"marker-context"}"""));
        var recorded = gateway.EventOf(answer.RequestId)!.Value;

        Assert.Equal("Encrypt", Text(recorded, "eventName"));
        Assert.Equal("Read", Text(recorded, "eventRW"));
        Assert.Equal("Kms", Text(recorded, "serviceName"));
        Assert.Equal("2016-01-20", Text(recorded, "apiVersion"));
        Assert.Equal(ApiGateway.Account, Text(recorded, "recipientAccountId"));
        Assert.Equal("ram-user", Text(recorded, "userIdentity", "type"));
        Assert.Equal("alice", Text(recorded, "userIdentity", "userName"));
        Assert.Equal(alice.AccessKeyId, Text(recorded, "userIdentity", "accessKeyId"));
        Assert.Equal("127.0.0.1", Text(recorded, "sourceIpAddress"));
        Assert.Equal("alias/app", Text(recorded, "requestParameters", "KeyId"));
        Assert.StartsWith("hmac:", Text(recorded, "requestParameters", "EncryptionContext", "tenant"), StringComparison.Ordinal);
        Assert.Equal(key, Text(recorded, "responseElements", "KeyId"));
        Assert.Equal(key, recorded.GetProperty("referencedResources").GetProperty("ACS::KMS::Key")[0].GetString());
        Assert.Equal("Plaintext", Assert.Single(recorded.GetProperty("additionalEventData").GetProperty("unrecordedParameters").EnumerateArray()).GetString());
        Assert.Equal("Allow", Text(recorded, "additionalEventData", "decision", "effect"));
        Assert.Equal("alice-policy v1", Text(recorded, "additionalEventData", "decision", "policy"));
        Assert.False(recorded.TryGetProperty("errorCode", out _));
        Assert.Equal(recorded.GetProperty("requestParameters").GetRawText(), Text(recorded, "requestParameterJson"));
        Assert.DoesNotContain("marker-", recorded.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encrypt_Denied_RecordsTheRefusalAndTheReason()
    {
        var key = await gateway.CreateKeyAsync();
        var alice = await gateway.CreateUserAsync("alice", """{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":["Apollo"]}}}""");

        var answer = await gateway.KmsAsync(alice, "Encrypt", ("KeyId", key), ("Plaintext", "x"));
        var recorded = gateway.EventOf(answer.RequestId)!.Value;

        Assert.Equal("Forbidden.NoPermission", Text(recorded, "errorCode"));
        Assert.Equal(answer["Message"], Text(recorded, "errorMessage"));
        Assert.Equal(JsonValueKind.Null, recorded.GetProperty("responseElements").ValueKind);
        Assert.Equal("ImplicitDeny", Text(recorded, "additionalEventData", "decision", "effect"));
        Assert.Contains("Nearest: alice-policy v1, statement 0, which needs kms:tag/Project = Apollo", Text(recorded, "additionalEventData", "decision", "reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongSignature_OfAKnownKey_RecordsTheFactAndNothingOfTheRequest()
    {
        var impostor = gateway.Root with { AccessKeySecret = "not-the-secret-of-this-key" };

        var answer = await gateway.KmsAsync(impostor, "CreateKey", ("Description", "marker-description"));
        var recorded = gateway.EventOf(answer.RequestId)!.Value;

        Assert.Equal("SignatureDoesNotMatch", answer.Code);
        Assert.Equal("SignatureDoesNotMatch", Text(recorded, "errorCode"));
        Assert.DoesNotContain("marker-description", recorded.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("%2F", recorded.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongSignature_Repeated_StopsMakingEvents()
    {
        var impostor = gateway.Root with { AccessKeySecret = "not-the-secret-of-this-key" };
        var answers = new List<ApiAnswer>();
        for (var attempt = 0; attempt < 150; attempt++)
        {
            answers.Add(await gateway.KmsAsync(impostor, "ListKeys"));
        }

        var recorded = answers.Count(answer => gateway.EventOf(answer.RequestId) is not null);

        // 60 a minute and address; the minute may turn once while the test runs
        Assert.InRange(recorded, 60, 120);
    }

    [Fact]
    public async Task UnknownAccessKey_AndDescribeRegions_MakeNoEvent()
    {
        var stranger = await gateway.KmsAsync(new ApiCaller("testAkNobody", "whatever"), "ListKeys");
        var regions = await gateway.KmsAsync(gateway.Root, "DescribeRegions");

        Assert.Equal("InvalidAccessKeyId.NotFound", stranger.Code);
        Assert.Equal("OK", regions.Code);
        Assert.Null(gateway.EventOf(stranger.RequestId));
        Assert.Null(gateway.EventOf(regions.RequestId));
    }

    [Fact]
    public async Task EveryAction_WithMarkedValues_RecordsNoneThatMayNeverAppear()
    {
        string[] never =
        [
            "Plaintext", "CiphertextBlob", "Digest", "Value", "EncryptedKeyMaterial", "ImportToken", "PublicKeyBlob", "SecretData", "ExtendedConfig",
            "Message", "Mac", "SignatureValue", "OIDCToken", "SecurityToken", "STSToken",
        ];
        var asked = 0;
        foreach (var action in ActionCatalogue.All)
        {
            var parameters = action.Parameters.Select(parameter => parameter.Name).Where(never.Contains)
                .Append("SecurityToken").Distinct(StringComparer.Ordinal)
                .Select(name => (name, $"marker-{name}-value")).ToArray();
            asked += parameters.Length - 1;
            await gateway.CallAsync(gateway.Root, action.Version, action.Name, [.. parameters, .. Needed(action, never)]);
            await gateway.CallAsync(gateway.Root, action.Version, action.Name, [.. parameters.Where(parameter => parameter.name != "SecurityToken"), .. Needed(action, never)]);
        }

        // counted in kms-api.json and ram-sts-api.json
        Assert.Equal(26, asked);
        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains("marker-", StringComparison.Ordinal));
        var metrics = await gateway.Hosted.Client.GetStringAsync(new Uri(gateway.Hosted.Management, "/metrics"));
        Assert.DoesNotContain("marker-", metrics, StringComparison.Ordinal);
        Assert.Contains("kmsgateway_requests", metrics, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string Value)> Needed(ActionDescriptor action, string[] never) => action.Parameters
        .Where(parameter => parameter.IsRequired && !never.Contains(parameter.Name))
        .Select(parameter => (parameter.Name, parameter.Name.EndsWith("KeyId", StringComparison.Ordinal) ? "ffffffff-0000-4000-8000-000000000000" : "x"));

    private static string Text(JsonElement element, params string[] path) =>
        path.Aggregate(element, (current, name) => current.GetProperty(name)).GetString()!;
}

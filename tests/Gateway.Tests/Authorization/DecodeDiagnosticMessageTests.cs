using System.Text;
using System.Text.Json;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Tests.Pipeline;
using KmsGateway.Tests;

namespace KmsGateway.Gateway.Tests.Authorization;

/// <summary>Who may read why somebody was refused (simulator.md 8; ram-policy.md 10).</summary>
public sealed class DecodeDiagnosticMessageTests : IAsyncLifetime
{
    private readonly TestClock clock = new(new DateTimeOffset(2026, 3, 1, 8, 30, 0, TimeSpan.Zero));
    private ApiGateway gateway = null!;
    private string key = null!;

    public async Task InitializeAsync()
    {
        gateway = await ApiGateway.StartAsync(clock);
        key = await gateway.CreateKeyAsync(("Project", "Apollo"));
    }

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task Decode_ExplicitDeny_HasExactlyTheClientsMembers()
    {
        var alice = await gateway.CreateUserAsync("alice", """{"Effect":"Deny","Action":"kms:Encrypt","Resource":"*"}""");
        var user = (await gateway.RamAsync("GetUser", ("UserName", "alice")))["User", "UserId"];

        var answer = await DecodeAsync(gateway.Root, await DeniedAsync(alice));

        Assert.Equal("OK", answer.Code);
        var decoded = answer.Body.GetProperty("DecodedDiagnosticMessage");
        Assert.Equal(
            ["AuthAction", "AuthConditions", "AuthPrincipal", "AuthResource", "ExplicitDeny", "MatchedPolicies", "NoPermissionPolicyType"],
            decoded.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.True(decoded.GetProperty("ExplicitDeny").GetBoolean());
        Assert.Equal("kms:Encrypt", decoded.GetProperty("AuthAction").GetString());
        Assert.Equal($"acs:kms:cn-hangzhou:{ApiGateway.Account}:key/{key}", decoded.GetProperty("AuthResource").GetString());
        Assert.Equal("AccountLevelIdentityBasedPolicy", decoded.GetProperty("NoPermissionPolicyType").GetString());
        Assert.Equal(
            $$"""{"AuthPrincipalType":"SubUser","AuthPrincipalOwnerId":"{{ApiGateway.Account}}","AuthPrincipalDisplayName":"{{user}}"}""",
            JsonSerializer.Serialize(decoded.GetProperty("AuthPrincipal")));
        Assert.Equal(
            """[{"Effect":"Deny","PolicyIdentifier":"alice-policy","PolicyType":"Custom","PolicyVersion":"v1","AttachedEntityType":"RamUser","AttachedScope":"Account"}]""",
            JsonSerializer.Serialize(decoded.GetProperty("MatchedPolicies")));
        var conditions = decoded.GetProperty("AuthConditions").EnumerateArray()
            .ToDictionary(condition => condition.GetProperty("ConditionKey").GetString()!, condition => condition.GetProperty("ConditionValues")[0].GetString());
        Assert.Equal(("127.0.0.1", "Apollo", "false"), (conditions["acs:SourceIp"], conditions["kms:tag/Project"], conditions["acs:MFAPresent"]));
    }

    [Fact]
    public async Task Decode_ByThoseWithThePermissionOnly()
    {
        var alice = await gateway.CreateUserAsync("alice", """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var auditor = await gateway.CreateUserAsync("auditor", """{"Effect":"Allow","Action":"ram:DecodeDiagnosticMessage","Resource":"*"}""");
        var message = await DeniedAsync(alice);

        var refused = await DecodeAsync(alice, message);
        Assert.Equal((403, "NoPermission"), (refused.Status, refused.Code));
        Assert.Equal("ram:DecodeDiagnosticMessage", refused["AccessDeniedDetail", "AuthAction"]);
        var answer = await DecodeAsync(auditor, message);
        Assert.False(answer.Body.GetProperty("DecodedDiagnosticMessage").GetProperty("ExplicitDeny").GetBoolean());
        Assert.Equal(0, answer.Body.GetProperty("DecodedDiagnosticMessage").GetProperty("MatchedPolicies").GetArrayLength());
    }

    [Fact]
    public async Task Decode_DamagedOrExpired_IsOneRefusal()
    {
        var alice = await gateway.CreateUserAsync("alice", """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var message = await DeniedAsync(alice);
        Assert.Equal("OK", (await DecodeAsync(gateway.Root, message)).Code);
        foreach (var other in new[] { "x", message[..^4], (message[0] == 'A' ? "B" : "A") + message[1..], message[..100] + (message[100] == 'A' ? "B" : "A") + message[101..] })
        {
            await RefusedAsync(other);
        }

        clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        await RefusedAsync(message);
        Assert.Equal("MissingEncodedDiagnosticMessage", (await gateway.RamAsync("DecodeDiagnosticMessage")).Code);
    }

    [Fact]
    public async Task Denial_OfAStranger_ShowsNoPolicyAndNoExistence()
    {
        var stranger = await gateway.CreateUserAsync("stranger", """{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}""");
        const string unknown = "ffffffff-0000-4000-8000-000000000000";
        var (known, missing) = (await EncryptAsync(stranger, key), await EncryptAsync(stranger, unknown));
        Assert.Equal(Bare(known, key), Bare(missing, unknown));
        var sealedText = Encoding.Latin1.GetString(Convert.FromBase64String(known["AccessDeniedDetail", "EncodedDiagnosticMessage"]));
        Assert.DoesNotContain("stranger-policy", known.Text + sealedText, StringComparison.Ordinal);
        Assert.DoesNotContain("AuthAction", sealedText, StringComparison.Ordinal);

        static string Bare(ApiAnswer answer, string id) => answer.Text
            .Replace(answer.RequestId, "-", StringComparison.Ordinal)
            .Replace(answer["AccessDeniedDetail", "EncodedDiagnosticMessage"], new string('-', answer["AccessDeniedDetail", "EncodedDiagnosticMessage"].Length), StringComparison.Ordinal)
            .Replace(id, "-", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decode_TrailRecordsNoMessage()
    {
        var alice = await gateway.CreateUserAsync("alice", """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var message = await DeniedAsync(alice);
        await DecodeAsync(gateway.Root, message);
        Assert.DoesNotContain(gateway.Hosted.Log.Lines, line => line.Contains(message, StringComparison.Ordinal));
    }

    private async Task RefusedAsync(string message)
    {
        var answer = await DecodeAsync(gateway.Root, message);
        Assert.Equal(
            (400, "InvalidParameter.EncodedDiagnosticMessage.Format", "The format of the parameter - \"EncodedDiagnosticMessage\" is incorrect."),
            (answer.Status, answer.Code, answer["Message"]));
    }

    private async Task<string> DeniedAsync(ApiCaller caller) => (await EncryptAsync(caller, key))["AccessDeniedDetail", "EncodedDiagnosticMessage"];

    private Task<ApiAnswer> EncryptAsync(ApiCaller caller, string keyId) => gateway.KmsAsync(caller, "Encrypt", ("KeyId", keyId), ("Plaintext", "aGVsbG8="));

    private Task<ApiAnswer> DecodeAsync(ApiCaller caller, string message) =>
        gateway.CallAsync(caller, ActionCatalogue.RamVersion, "DecodeDiagnosticMessage", ("EncodedDiagnosticMessage", message));
}

namespace KmsGateway.Gateway.Tests.Pipeline;

/// <summary>What a stranger may learn from a refusal (decisions.md D6; ram-policy.md 10; threats.md 18).</summary>
public sealed class DenialTests : IAsyncLifetime
{
    private ApiGateway gateway = null!;

    public async Task InitializeAsync() => gateway = await ApiGateway.StartAsync();

    public async Task DisposeAsync() => await gateway.DisposeAsync();

    [Fact]
    public async Task Decrypt_WithoutPermission_GenuineForeignAndGarbledBlobsReadTheSame()
    {
        var key = await gateway.CreateKeyAsync();
        var stranger = await gateway.CreateUserAsync("stranger", """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");
        var genuine = (await gateway.KmsAsync(gateway.Root, "Encrypt", ("KeyId", key), ("Plaintext", "x")))["CiphertextBlob"];
        string[] blobs = [genuine, "A" + genuine[1..], Convert.ToBase64String(new byte[100]), "garbled!", "QQ=="];

        var answers = new List<ApiAnswer>();
        foreach (var blob in blobs)
        {
            answers.Add(await gateway.KmsAsync(stranger, "Decrypt", ("CiphertextBlob", blob)));
        }

        Assert.All(answers, answer => Assert.Equal(403, answer.Status));
        Assert.All(answers, answer => Assert.Equal("This operation is forbidden by permission system.", answer["Message"]));
        Assert.Single(answers.Select(answer => answer["AccessDeniedDetail", "EncodedDiagnosticMessage"].Length).Distinct());
        Assert.Single(answers.Select(answer => answer.Body.GetProperty("AccessDeniedDetail").EnumerateObject().Count()).Distinct());
    }

    [Fact]
    public async Task Decrypt_DeniedForOneKey_ReadsAsForABlobThatLeadsNowhere()
    {
        var key = await gateway.CreateKeyAsync();
        var alice = await gateway.CreateUserAsync("alice", $$"""{"Effect":"Deny","Action":"kms:Decrypt","Resource":"acs:kms:*:*:key/{{key}}"}""");
        var genuine = (await gateway.KmsAsync(gateway.Root, "Encrypt", ("KeyId", key), ("Plaintext", "x")))["CiphertextBlob"];

        var denied = await gateway.KmsAsync(alice, "Decrypt", ("CiphertextBlob", genuine));
        var nowhere = await gateway.KmsAsync(alice, "Decrypt", ("CiphertextBlob", Convert.ToBase64String(new byte[100])));

        Assert.Equal(WithoutIds(nowhere), WithoutIds(denied));
        Assert.Equal("ExplicitDeny", gateway.EventOf(denied.RequestId)!.Value.GetProperty("additionalEventData").GetProperty("decision").GetProperty("effect").GetString());

        static string WithoutIds(ApiAnswer answer) => answer.Text
            .Replace(answer.RequestId, "-", StringComparison.Ordinal)
            .Replace(answer["AccessDeniedDetail", "EncodedDiagnosticMessage"], "-", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decrypt_WithPermission_EveryBadBlobIsOneFailure()
    {
        var key = await gateway.CreateKeyAsync();
        var genuine = (await gateway.KmsAsync(gateway.Root, "Encrypt", ("KeyId", key), ("Plaintext", "x"), ("EncryptionContext", """{"a":"b"}""")))["CiphertextBlob"];
        string[] blobs = [genuine, "A" + genuine[1..], genuine[..^4] + "AAA=", Convert.ToBase64String(new byte[100])];
        foreach (var blob in blobs)
        {
            var answer = await gateway.KmsAsync(gateway.Root, "Decrypt", ("CiphertextBlob", blob));
            Assert.Equal((400, "InvalidParameter", "The specified parameter \"CiphertextBlob\" is not valid."), (answer.Status, answer.Code, answer["Message"]));
        }
    }

    [Fact]
    public async Task DescribeKey_UnknownKey_403WithoutPermissionAnd404With()
    {
        const string unknown = "ffffffff-0000-4000-8000-000000000000";
        var stranger = await gateway.CreateUserAsync("stranger", """{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}""");

        var refused = await gateway.KmsAsync(stranger, "DescribeKey", ("KeyId", unknown));
        var missing = await gateway.KmsAsync(gateway.Root, "DescribeKey", ("KeyId", unknown));

        Assert.Equal(403, refused.Status);
        Assert.Equal($"This operation for acs:kms:cn-hangzhou:{ApiGateway.Account}:key/{unknown} is forbidden by permission system.", refused["Message"]);
        Assert.Equal((404, "Forbidden.KeyNotFound"), (missing.Status, missing.Code));
    }

    [Fact]
    public async Task ServiceKey_UsedByRoot_IsRefused()
    {
        var denied = await gateway.KmsAsync(gateway.Root, "Encrypt", ("KeyId", "alias/acs/ram"), ("Plaintext", "x"));
        Assert.Equal((403, "Forbidden.NoPermission"), (denied.Status, denied.Code));

        var described = await gateway.KmsAsync(gateway.Root, "DescribeKey", ("KeyId", "alias/acs/ram"));
        Assert.Equal("RAM", described["KeyMetadata", "Creator"]);
        Assert.Equal("Rejected.UnsupportedOperation", (await gateway.KmsAsync(gateway.Root, "DisableKey", ("KeyId", described["KeyMetadata", "KeyId"]))).Code);
    }

    [Fact]
    public async Task AccessDeniedDetail_NamesNoPolicy()
    {
        var key = await gateway.CreateKeyAsync();
        var alice = await gateway.CreateUserAsync("alice", """{"Effect":"Deny","Action":"kms:Encrypt","Resource":"*"}""");

        var denied = await gateway.KmsAsync(alice, "Encrypt", ("KeyId", key), ("Plaintext", "x"));

        Assert.Equal("ExplicitDeny", denied["AccessDeniedDetail", "NoPermissionType"]);
        Assert.Equal("AccountLevelIdentityBasedPolicy", denied["AccessDeniedDetail", "PolicyType"]);
        Assert.Equal("kms:Encrypt", denied["AccessDeniedDetail", "AuthAction"]);
        Assert.DoesNotContain("alice-policy", denied.Text, StringComparison.Ordinal);
    }
}
